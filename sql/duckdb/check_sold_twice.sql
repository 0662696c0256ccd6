-- Promise 1: no phone is in two orders closer together than the cooldown of the later one. -> found
-- An order in which nothing was sold before is not looked at pair by pair: only phones that occur twice are.
with twice as (
  select phone
  from ledger
  group by phone
  having count(*) > 1
),
sales as (
  select l.phone, l.order_id, l.sold_at
  from ledger l
  semi join twice using (phone)
)
select
  'orders ' || a.order_id || ' and ' || b.order_id || ' share ' || count(*) || ' numbers inside the cooldown' as found
from sales a
join sales b on b.phone = a.phone
join orders o on o.order_id = b.order_id
where a.order_id <> b.order_id
  and (a.sold_at, a.order_id) < (b.sold_at, b.order_id)
  and a.sold_at >= b.sold_at - to_milliseconds((o.criteria->>'$.cooldownMs')::bigint)
group by a.order_id, b.order_id;
