-- What a home holds, for a backup to say and a restore to compare.
-- -> imports, numbers, orders, sales, suppressed bigint, last_sale timestamptz
select
  (select count(*) from imports) as imports,
  (select coalesce(sum(numbers), 0) from pool_files)::bigint as numbers,
  (select count(*) from orders) as orders,
  (select count(*) from ledger) as sales,
  (select count(*) from suppression)
    + (select count(*) from suppressed_digests)
    + (select count(*) from erasures) as suppressed,
  (select max(sold_at) from ledger) as last_sale;
