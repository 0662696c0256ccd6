-- Sales from elsewhere, in their file. $path varchar, $since timestamptz -> numbers bigint, fingerprint varchar as in sum_histories
select count(*) as numbers, bit_xor(hash(phone, provider, epoch_us(sold_at)))::varchar as fingerprint
from read_parquet($path, hive_partitioning = false)
where sold_at >= $since::timestamptz;
