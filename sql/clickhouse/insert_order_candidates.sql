-- The numbers of an order, to be looked at. {look_id}, {order_id}, {day}
insert into candidates (look_id, phone, place, rows)
select {look_id:String}, phone, rank, 1
from picks
where day = {day:Date} and order_id = {order_id:String}
