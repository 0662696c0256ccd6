-- What a file in ledger/ says of itself. $copy varchar -> numbers_order varchar, numbers_history varchar (JSON, or null)
select
  max(decode(value)) filter (where decode(key) = 'numbers_order') as numbers_order,
  max(decode(value)) filter (where decode(key) = 'numbers_history') as numbers_history
from parquet_kv_metadata($copy);
