-- One of the rejected cells, the same each time. $paths varchar[] -> example varchar
select coalesce(min(cell), '') as example
from read_parquet($paths::varchar[], hive_partitioning = false);
