-- How long the values of a column are at most, and about how many different ones there are. Flat memory: an exact count of
-- 1.5 million names took 700 MB. {{cell}}: the column; $paths varchar[] -> longest bigint, about bigint
select
  coalesce(max(length(trim({{cell}}))), 0) as longest,
  approx_count_distinct(lower(trim({{cell}}))) as about
from read_parquet($paths::varchar[], hive_partitioning = false) s;
