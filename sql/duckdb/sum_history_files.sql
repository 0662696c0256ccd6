-- Sales from elsewhere, in their files. $paths varchar[] -> numbers bigint, fingerprint varchar as in sum_histories
select count(*) as numbers, bit_xor(hash(phone, provider, epoch_us(sold_at)))::varchar as fingerprint
from read_parquet($paths::varchar[], hive_partitioning = false);
