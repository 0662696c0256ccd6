-- What a customer owes for a span of time: its delivered orders by the time of their reservation, and what was taken back
-- of delivered orders by the time of the return. The last row, without a time, is the total. Amounts are decimal all the way,
-- two places, half up; null without a price.
-- {name}, {from}, {until} -> done_at, kind, order_id, providers, numbers, price, amount
with delivered as (
  select order_id, providers, reserved_at, numbers + erased as billed, price
  from orders
  where state = 'delivered' and lowerUTF8(customer) = lowerUTF8({name:String})
),
entries as (
  select
    reserved_at as at,
    'order' as kind,
    order_id,
    providers,
    billed as numbers,
    price,
    round(toDecimal128(billed, 0) * price * toDecimal128('0.001', 3), 2)::Nullable(Decimal(18, 2)) as amount
  from delivered
  union all
  select r.returned_at, 'return', r.order_id, d.providers, -r.numbers, r.price, -r.credit
  from returns r
  join delivered d on d.order_id = r.order_id
),
asked as (
  select *
  from entries
  where at >= {from:DateTime64(3, 'UTC')} and at < {until:DateTime64(3, 'UTC')}
)
select
  at as done_at,
  kind,
  order_id,
  providers,
  numbers,
  toDecimalString(price, 2) as price,
  toDecimalString(amount, 2) as amount
from (
  select at, kind, order_id, providers, numbers, price, amount::Nullable(Decimal(38, 2)) as amount, false as is_total
  from asked
  union all
  select null, 'total', null, [], sum(numbers), null, coalesce(sum(amount), 0)::Nullable(Decimal(38, 2)), true
  from asked
)
order by is_total, at, order_id, kind
