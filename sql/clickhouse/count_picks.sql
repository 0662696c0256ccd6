-- {order_id}, {day} -> numbers, phones, ranks
select count() as numbers, uniqExact(phone) as phones, uniqExact(rank) as ranks
from picks
where day = {day:Date} and order_id = {order_id:String}
