-- What the ledger holds by the UTC day, as the other engine adds it up too. -> day, numbers bigint, phones, sum varchar
select
  (sold_at at time zone 'UTC')::date::varchar as day,
  count(*) as numbers,
  sum(phone)::varchar as phones,
  (sum(md5_number_upper(
    phone || ' ' || provider || ' ' || coalesce(order_id, '') || ' ' || epoch_ms(sold_at)
  )) % 18446744073709551616::hugeint)::varchar as sum
from ledger
group by all;
