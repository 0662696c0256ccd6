-- Each digest of a read list once. $paths varchar[], $target varchar
copy (
  select distinct high, low
  from read_parquet($paths::varchar[], hive_partitioning = false)
) to $target (format parquet, compression zstd, compression_level 1);
