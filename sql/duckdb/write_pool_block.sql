-- Rows of pool files as the other engine keeps them: their place, and their cells as a list, empty where they were taken away.
-- {{cells}}: the columns of raw_data; $files varchar[], and of each $pool_paths and $providers varchar[]; $before bigint: how many
-- rows of a file belong to others that come before, $first and $last bigint row numbers, $date varchar, $target varchar
copy (
  select
    $date::date as date,
    ($providers::varchar[])[file_index::bigint + 1] as provider,
    phone,
    ($pool_paths::varchar[])[file_index::bigint + 1] as path,
    file_row_number - $before::bigint as row,
    case when raw_data is null then []::varchar[] else [{{cells}}] end as cells
  from read_parquet($files::varchar[], file_row_number = true, hive_partitioning = false)
  where file_row_number between $first::bigint and $last::bigint
    and phone is not null
) to $target (format parquet, compression lz4, row_group_size 122880);
