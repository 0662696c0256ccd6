-- What a customer owes for a span of time: its delivered orders by the time of their reservation, and what was taken back
-- of delivered orders by the time of the return. The last row, without a time, is the total. Amounts are decimal all the way,
-- two places, half up; null without a price.
-- $name varchar, $from, $until timestamptz
-- -> done_at, kind, order_id, providers, numbers bigint, price varchar, amount varchar
with delivered as (
  select *, numbers + coalesce(erased, 0) as billed
  from orders
  where state = 'delivered' and lower(customer) = lower($name)
),
entries as (
  select
    reserved_at as done_at,
    'order' as kind,
    order_id,
    providers,
    billed as numbers,
    price,
    (billed::decimal(20, 0) * price * 0.001)::decimal(18, 2) as amount
  from delivered
  union all
  select r.returned_at, 'return', r.order_id, d.providers, -r.numbers, r.price, -r.credit
  from returns r
  join delivered d on d.order_id = r.order_id
)
select
  done_at,
  kind,
  order_id,
  providers,
  numbers,
  price::varchar as price,
  amount::varchar as amount
from (
  select *, false as is_total
  from entries
  where done_at >= $from::timestamptz and done_at < $until::timestamptz
  union all
  select null, 'total', null, null, coalesce(sum(numbers), 0)::bigint, null, coalesce(sum(amount), 0), true
  from entries
  where done_at >= $from::timestamptz and done_at < $until::timestamptz
)
order by is_total, done_at, order_id, kind;
