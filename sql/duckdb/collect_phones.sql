-- Each phone of a read list in a range once, in order, so that they come to lie in order in the table.
-- $paths varchar[], $first bigint, $last bigint, $target varchar
copy (
  select distinct phone
  from read_parquet($paths::varchar[], hive_partitioning = false)
  where phone between $first::bigint and $last::bigint
  order by phone
) to $target (format parquet, compression zstd, compression_level 1);
