-- Sales from elsewhere, from their file in ledger/. $path varchar, $since timestamptz: older ones were pruned
insert into ledger (phone, provider, order_id, sold_at)
select phone, provider, null, sold_at
from read_parquet($path, hive_partitioning = false)
where sold_at >= $since::timestamptz
order by sold_at, phone;
