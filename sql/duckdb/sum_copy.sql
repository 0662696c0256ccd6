-- What an order's copy in ledger/ holds. $copy varchar -> numbers bigint, fingerprint varchar as in select_orders_of_ledger
select count(*) as numbers, bit_xor(hash(phone, provider, epoch_us(sold_at)))::varchar as fingerprint
from read_parquet($copy, hive_partitioning = false);
