-- Some phones of a read list, the same each time: they say how its numbers are spread. $paths varchar[] -> phone bigint
select phone
from read_parquet($paths::varchar[], hive_partitioning = false)
using sample reservoir(10000 rows) repeatable (1);
