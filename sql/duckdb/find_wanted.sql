-- Where the numbers that are looked up stand in the pool. $paths varchar[] -> phone bigint, file, rows bigint
select p.phone, p.filename as file, count(*) as rows
from read_parquet($paths::varchar[], filename = true, hive_partitioning = false) p
semi join wanted using (phone)
group by p.phone, p.filename;
