-- Each phone of a read list once, in order, so that they come to lie in order in the table. $paths varchar[], $target varchar
copy (
  select distinct phone
  from read_parquet($paths::varchar[], hive_partitioning = false)
  order by phone
) to $target (format parquet, compression zstd, compression_level 1);
