-- How many rows of an order's copy are of erased persons. $copy varchar -> numbers bigint
select count(*) as numbers
from read_parquet($copy, hive_partitioning = false)
semi join erasing using (phone);
