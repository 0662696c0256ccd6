-- The pool files that an order may take from, newest first, and how much of each is taken by live orders.
-- `sold`: of that what was sold since {sold_since}, by orders whose own cooldown reached back as far: each number once.
-- `expired`: its source is registered and its terms ended before the day of the order.
-- {providers}, {imported_since}, {sold_since}, {day} in the home's time zone
-- -> path, file, first_row, shared, provider, date, synthetic, numbers, erased, taken, sold, columns, phone_column, category,
--    category_column, expired
select
  f.path as path,
  f.path as file,
  toInt64(0) as first_row,
  false as shared,
  f.provider as provider,
  f.date as date,
  f.synthetic as synthetic,
  f.numbers as numbers,
  f.erased as erased,
  ifNull(t.numbers, 0) as taken,
  ifNull(t.sold, 0) as sold,
  f.columns as columns,
  f.phone_column as phone_column,
  i.category as category,
  i.category_column as category_column,
  toBool(e.import_id is not null) as expired
from pool_files f
join imports i on i.import_id = f.import_id
left join (
  select
    n.path as path,
    sum(n.numbers) as numbers,
    sumIf(
      n.numbers,
      o.reserved_at >= {sold_since:DateTime64(3, 'UTC')}
        and o.reserved_at - toIntervalMillisecond(JSONExtractInt(o.criteria, 'cooldownMs')) <= {sold_since:DateTime64(3, 'UTC')}
    ) as sold
  from order_files n
  left join orders o on o.order_id = n.order_id
  where n.order_id not in (select order_id from orders where state = 'cancelled' and not keeps_cooldown)
  group by n.path
) t on t.path = f.path
left join (
  select i.import_id as import_id
  from imports i
  join sources s on lowerUTF8(s.name) = lowerUTF8(ifNull(i.source, ''))
  where i.source is not null and s.expires < {day:Date}
  group by i.import_id
) e on e.import_id = f.import_id
where has({providers:Array(String)}, f.provider)
  and f.imported_at >= {imported_since:DateTime64(3, 'UTC')}
order by f.imported_at desc, f.sequence desc, f.path
