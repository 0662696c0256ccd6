-- Customers by name, and what they took: numbers as they were reserved, of orders that were not cancelled or whose numbers
-- keep their cooldown. $name varchar or null for all; $day_from, $day_until, $month_from, $month_until timestamptz
-- -> the columns of customers, taken_today, taken_this_month, reserved, delivered, cancelled
with taken as (
  select
    lower(customer) as name,
    state,
    reserved_at,
    case
      when state = 'cancelled' and not keeps_cooldown then 0
      else numbers + coalesce(withdrawn, 0) + coalesce(erased, 0)
    end as numbers
  from orders
  where customer is not null
)
select
  c.name,
  c.daily_cap,
  c.monthly_cap,
  c.price::varchar as price,
  c.never_twice,
  c.suspended,
  c.added_at,
  coalesce(
    sum(t.numbers) filter (where t.reserved_at >= $day_from::timestamptz and t.reserved_at < $day_until::timestamptz), 0
  ) as taken_today,
  coalesce(
    sum(t.numbers) filter (where t.reserved_at >= $month_from::timestamptz and t.reserved_at < $month_until::timestamptz), 0
  ) as taken_this_month,
  count(*) filter (where t.state = 'reserved') as reserved,
  count(*) filter (where t.state = 'delivered') as delivered,
  count(*) filter (where t.state = 'cancelled') as cancelled
from customers c
left join taken t on t.name = lower(c.name)
where $name::varchar is null or lower(c.name) = lower($name)
group by c.name, c.daily_cap, c.monthly_cap, c.price, c.never_twice, c.suspended, c.added_at
order by lower(c.name);
