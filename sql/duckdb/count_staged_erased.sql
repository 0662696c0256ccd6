-- Rows of staged files that are of erased persons. $paths varchar[], $key varchar -> file, numbers bigint
select filename as file, count(*) as numbers
from read_parquet($paths::varchar[], filename = true, hive_partitioning = false) s
semi join erased_digests e on e.digest = md5_number(sha256($key || s.phone::varchar))
group by filename;
