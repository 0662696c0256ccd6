-- How many numbers the order took from each pool file. {order_id}, {day}
insert into order_files (order_id, path, provider, date, numbers)
select {order_id:String}, path, any(provider), any(date), count()
from picks
where day = {day:Date} and order_id = {order_id:String}
group by path
