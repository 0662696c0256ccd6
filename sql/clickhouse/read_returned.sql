-- How much of an order was delivered, what came back of it and what was credited: null without a price.
-- {order_id} -> numbers, returned, credit
select
  o.numbers + o.erased as numbers,
  coalesce(r.numbers, 0) as returned,
  if(o.price is null, null, toDecimalString(coalesce(r.credit, toDecimal64(0, 2)), 2)) as credit
from orders o
left join (
  select order_id, sum(numbers) as numbers, sum(credit) as credit
  from returns
  group by order_id
) r on r.order_id = o.order_id
where o.order_id = {order_id:String}
