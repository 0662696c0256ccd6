-- Sales from another system, as they are moved: by their file in ledger/, which alone knows the list that brought them.
-- $import_id varchar, $copy varchar, $since timestamptz: older ones were pruned
select phone, provider, null::varchar as order_id, $import_id::varchar as import_id, sold_at
from read_parquet($copy, hive_partitioning = false)
where sold_at >= $since::timestamptz
