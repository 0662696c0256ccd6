-- The same of one history, by its file. $copy varchar, $since timestamptz -> numbers bigint, sum varchar
select
  count(*) as numbers,
  (coalesce(sum(md5_number_upper(phone || ' ' || provider || ' ' || epoch_ms(sold_at))), 0)
    % 18446744073709551616::hugeint)::varchar as sum
from read_parquet($copy, hive_partitioning = false)
where sold_at >= $since::timestamptz;
