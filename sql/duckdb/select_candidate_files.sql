-- The pool files that an order may take from, newest first, and how much of each is taken by live orders.
-- `sold`: of that what was sold since $sold_since, by orders whose own cooldown reached back as far: each number once.
-- `expired`: its source is registered and its terms ended before the day of the order.
-- $providers varchar[], $imported_since timestamptz, $sold_since timestamptz, $day date in the home's time zone
-- -> path, file, first_row bigint, shared boolean (others lie in the same file), provider, synthetic,
--    numbers bigint, erased bigint, taken bigint, sold bigint, columns varchar[], phone_column, category, category_column, expired boolean
with taken as (
  select
    f.path,
    sum(f.numbers)::bigint as numbers,
    sum(f.numbers) filter (
      where o.reserved_at >= $sold_since::timestamptz
        and o.reserved_at - to_milliseconds((o.criteria->>'$.cooldownMs')::bigint) <= $sold_since::timestamptz
    )::bigint as sold
  from order_files f
  left join orders o using (order_id)
  where f.order_id not in (select order_id from orders where state = 'cancelled' and not keeps_cooldown)
  group by f.path
),
expired as (
  select distinct i.import_id
  from imports i
  join sources s on lower(s.name) = lower(i.source)
  where s.expires < $day::date
),
shared as (
  select coalesce(file, path) as file
  from pool_files
  group by coalesce(file, path)
  having count(*) > 1
)
select
  f.path,
  coalesce(f.file, f.path) as file,
  f.first_row,
  s.file is not null as shared,
  f.provider,
  f.synthetic,
  f.numbers,
  f.erased,
  coalesce(t.numbers, 0)::bigint as taken,
  coalesce(t.sold, 0)::bigint as sold,
  f.columns,
  f.phone_column,
  i.category,
  i.category_column,
  e.import_id is not null as expired
from pool_files f
join imports i on i.import_id = f.import_id
left join taken t on t.path = f.path
left join shared s on s.file = f.file
left join expired e on e.import_id = f.import_id
where list_contains($providers::varchar[], f.provider)
  and f.imported_at >= $imported_since::timestamptz
order by f.imported_at desc, f.sequence desc, f.path;
