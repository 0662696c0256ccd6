-- A staged file without the rows of erased persons, as stage_rows would have written it. $path, $key, $target varchar
copy (
  select phone, raw_data
  from read_parquet($path, hive_partitioning = false) s
  anti join erased_digests e on e.digest = md5_number(sha256($key || s.phone::varchar))
) to $target (format parquet, compression zstd, compression_level 1, row_group_size 30720);
