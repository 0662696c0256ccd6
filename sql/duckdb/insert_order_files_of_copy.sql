-- How many numbers an order has from each pool file, by its copy in ledger/. $order_id varchar, $copy varchar
insert into order_files
select $order_id, c.path, f.provider, f.date, count(*)
from read_parquet($copy, hive_partitioning = false) c
join pool_files f on f.path = c.path
group by c.path, f.provider, f.date;
