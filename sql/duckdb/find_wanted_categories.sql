-- What the category column of a file says of the numbers that are looked up. {{cell}}: that column; $path varchar
-- -> phone bigint, category or null
select s.phone, min(nullif(trim({{cell}}), '')) as category
from read_parquet($path, hive_partitioning = false) s
semi join wanted using (phone)
group by s.phone;
