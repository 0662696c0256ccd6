-- Rows of a Parquet file, from its footer. $path varchar -> numbers bigint
select count(*) as numbers
from read_parquet($path, hive_partitioning = false);
