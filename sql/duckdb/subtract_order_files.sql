-- Takes erased persons out of the counts of an order by file. $order_id varchar, $copy varchar: its copy, with them in it
update order_files
set numbers = order_files.numbers - gone.numbers
from (
  select path, count(*) as numbers
  from read_parquet($copy, hive_partitioning = false)
  semi join erasing using (phone)
  group by path
) gone
where order_files.order_id = $order_id
  and order_files.path = gone.path;
