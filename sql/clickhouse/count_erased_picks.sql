-- How many picks of orders are of erased persons. {ids} -> order_id, numbers
select k.order_id as order_id, count() as numbers
from picks k
join erasing x on x.phone = k.phone
where k.phone in (select phone from erasing) and x.erasure_id in ({ids:Array(String)})
  and k.order_id in (select order_id from orders)
group by k.order_id
order by order_id
