-- The distinct phones of a list, from the file that collect_phones.sql wrote. $list varchar
select phone
from read_parquet($list, hive_partitioning = false)
