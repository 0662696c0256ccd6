-- What orders took, as it came from the other engine. $source varchar -> order_id, numbers bigint
select order_id, count(*) as numbers
from read_parquet($source, hive_partitioning = false)
group by all;
