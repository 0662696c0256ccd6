-- Sales from their files in ledger/, as orders put them there. $paths varchar[]
insert into ledger (phone, provider, order_id, sold_at)
select phone, provider, order_id, sold_at
from read_parquet($paths::varchar[], hive_partitioning = false)
order by sold_at, order_id, phone;
