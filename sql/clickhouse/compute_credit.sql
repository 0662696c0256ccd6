-- What is credited for a return: what all returns of the order come to, half up to two places, less what was credited before, so
-- that many small ones are rounded no further than one large one. Null without a price.
-- {order_id}, {numbers}, {returned} before this one -> credit
select toDecimalString(
  round(toDecimal128({returned:Int64} + {numbers:Int64}, 0) * o.price * toDecimal128('0.001', 3), 2)
    - coalesce(r.credit, toDecimal128(0, 2)),
  2
) as credit
from orders o
left join (
  select order_id, sum(credit) as credit
  from returns
  group by order_id
) r on r.order_id = o.order_id
where o.order_id = {order_id:String}
