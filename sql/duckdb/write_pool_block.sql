-- Rows of a pool file as the other engine keeps them: their place, and their cells as a list, empty where they were taken away.
-- {{cells}}: the columns of raw_data; $file varchar, $before bigint: how many rows of the file belong to others that come
-- before, $first and $last bigint row numbers, $pool_path, $date, $provider varchar, $target varchar
copy (
  select
    $date::date as date,
    $provider as provider,
    phone,
    $pool_path as path,
    file_row_number - $before::bigint as row,
    case when raw_data is null then []::varchar[] else [{{cells}}] end as cells
  from read_parquet($file, file_row_number = true, hive_partitioning = false)
  where file_row_number between $first::bigint and $last::bigint
    and phone is not null
) to $target (format parquet, compression lz4, row_group_size 122880);
