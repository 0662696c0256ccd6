-- The order as JSON, from the footer of its copy in ledger/. $copy varchar -> numbers_order varchar
select decode(value) as numbers_order
from parquet_kv_metadata($copy)
where decode(key) = 'numbers_order';
