-- Numbers of an order that another one sold inside its cooldown, by a change after the last one that its look knew: sales of
-- before were looked at then; one whose order was cancelled since counts, too. The few new sales are the set, not the picks: a set
-- of a million takes 0.3 s.
-- {order_id}, {day}, {sold_since}, {seen} -> numbers
select uniqExact(phone) as numbers
from picks
where day = {day:Date}
  and order_id = {order_id:String}
  and phone in (
    select phone
    from ledger
    prewhere sequence > {seen:UInt64}
    where sold_at >= {sold_since:DateTime64(3, 'UTC')}
      and (order_id is null or order_id <> {order_id:String})
  )
