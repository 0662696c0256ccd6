-- Numbers of an order that another one sold inside its cooldown. {order_id}, {day}, {sold_since} -> numbers
select uniqExact(phone) as numbers
from sales
where sold_at >= {sold_since:DateTime64(3, 'UTC')}
  and (order_id is null or order_id <> {order_id:String})
  and phone in (select phone from picks where day = {day:Date} and order_id = {order_id:String})
