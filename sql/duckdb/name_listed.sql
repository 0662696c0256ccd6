-- Writes under which id the rows of a list are to be known. $source varchar, $list_id varchar, $target varchar
copy (
  select $list_id::varchar as list_id, *
  from read_parquet($source, hive_partitioning = false)
) to $target (format parquet, compression zstd, compression_level 1);
