-- How many sales of a history's file were before an instant. $path varchar, $before timestamptz -> old bigint, sales bigint
select count(*) filter (where sold_at < $before::timestamptz) as old, count(*) as sales
from read_parquet($path, hive_partitioning = false);
