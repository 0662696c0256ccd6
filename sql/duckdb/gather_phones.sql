-- The numbers of a list, each once, with how often it stands there. $paths varchar[] files with a column phone, $path varchar
copy (
  select phone, count(*) as occurrences
  from read_parquet($paths::varchar[], hive_partitioning = false)
  group by phone
) to $path (format parquet);
