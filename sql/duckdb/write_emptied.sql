-- A pool file without erased persons. Their rows stay, empty, so that every other row keeps its place.
-- $file varchar, $target varchar
copy (
  select
    case when get_bit(getvariable('erased'), file_row_number::integer) = 0 then phone end as phone,
    case when get_bit(getvariable('emptied'), file_row_number::integer) = 0 then raw_data end as raw_data
  from read_parquet($file, file_row_number = true, hive_partitioning = false)
) to $target (format parquet, compression zstd, compression_level 1, row_group_size 30720);
