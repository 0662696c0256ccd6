-- Each digest of a read list in a range once. $paths varchar[], $first, $last ubigint of the higher half, $target varchar
copy (
  select distinct high, low
  from read_parquet($paths::varchar[], hive_partitioning = false)
  where high between $first::ubigint and $last::ubigint
) to $target (format parquet, compression zstd, compression_level 1);
