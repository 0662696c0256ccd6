-- The pool by day and provider. $since timestamptz bounds what is recent.
with taken as (
  select path, sum(numbers)::bigint as numbers
  from order_files
  where order_id not in (select order_id from orders where state = 'cancelled' and not keeps_cooldown)
  group by path
)
select
  f.date::varchar as date,
  f.provider,
  f.synthetic,
  sum(f.numbers)::bigint as numbers,
  count(distinct f.import_id) as imports,
  sum(f.bytes)::bigint as bytes,
  coalesce(sum(t.numbers), 0)::bigint as taken,
  coalesce(sum(f.numbers) filter (where f.imported_at >= $since::timestamptz), 0)::bigint as recent,
  coalesce(sum(t.numbers) filter (where f.imported_at >= $since::timestamptz), 0)::bigint as recent_taken
from pool_files f
left join taken t on t.path = f.path
group by f.date, f.provider, f.synthetic
order by f.date desc, f.provider, f.synthetic;
