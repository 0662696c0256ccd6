-- The pool by day and provider. {since} bounds what is recent.
-- -> date, provider, synthetic, numbers, imports, bytes, taken, recent, recent_taken
with taken as (
  select path, sum(numbers) as numbers
  from order_files
  where order_id not in (select order_id from orders where state = 'cancelled' and not keeps_cooldown)
  group by path
)
select
  f.date as date,
  f.provider as provider,
  f.synthetic as synthetic,
  sum(f.numbers) as numbers,
  uniqExact(f.import_id) as imports,
  sum(f.bytes) as bytes,
  coalesce(sum(t.numbers), 0) as taken,
  sumIf(f.numbers, f.imported_at >= {since:DateTime64(3, 'UTC')}) as recent,
  coalesce(sumIf(t.numbers, f.imported_at >= {since:DateTime64(3, 'UTC')}), 0) as recent_taken
from pool_files f
left join taken t on t.path = f.path
group by f.date, f.provider, f.synthetic
order by f.date desc, f.provider, f.synthetic
