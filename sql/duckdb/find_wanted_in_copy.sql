-- From which pool files an order took the numbers that are looked up. $copy varchar -> phone bigint, path, provider
select c.phone, c.path, c.provider
from read_parquet($copy, hive_partitioning = false) c
semi join wanted using (phone);
