-- Customers by name, and what they took: numbers as they were reserved, of orders that were not cancelled or whose numbers
-- keep their cooldown. {name} or null for all; {day_from}, {day_until}, {month_from}, {month_until}
-- -> the columns of customers, taken_today, taken_this_month, reserved, delivered, cancelled
with taken as (
  select
    lowerUTF8(o.customer) as name,
    o.state as state,
    o.reserved_at as reserved_at,
    if(o.state = 'cancelled' and not o.keeps_cooldown, 0, o.numbers + o.withdrawn + o.erased) as numbers
  from orders o
  where o.customer is not null
)
select
  c.name as name,
  c.daily_cap as daily_cap,
  c.monthly_cap as monthly_cap,
  toDecimalString(c.price, 2) as price,
  c.never_twice as never_twice,
  c.suspended as suspended,
  c.added_at as added_at,
  coalesce(
    sumIf(
      t.numbers,
      t.reserved_at >= {day_from:DateTime64(3, 'UTC')} and t.reserved_at < {day_until:DateTime64(3, 'UTC')}
    ),
    0
  ) as taken_today,
  coalesce(
    sumIf(
      t.numbers,
      t.reserved_at >= {month_from:DateTime64(3, 'UTC')} and t.reserved_at < {month_until:DateTime64(3, 'UTC')}
    ),
    0
  ) as taken_this_month,
  countIf(t.state = 'reserved') as reserved,
  countIf(t.state = 'delivered') as delivered,
  countIf(t.state = 'cancelled') as cancelled
from customers c
left join taken t on t.name = lowerUTF8(c.name)
where {name:Nullable(String)} is null or lowerUTF8(c.name) = lowerUTF8({name:Nullable(String)})
group by c.name, c.daily_cap, c.monthly_cap, c.price, c.never_twice, c.suspended, c.added_at
order by lowerUTF8(c.name)
