-- How many numbers an order has of each pool file, after some were taken out. {order_id}, {day}
insert into order_files (order_id, path, provider, date, numbers, row_version, gone)
select f.order_id, f.path, f.provider, f.date, ifNull(k.numbers, 0), {row_version:UInt64}, ifNull(k.numbers, 0) = 0
from order_files f
left join (
  select path, count() as numbers
  from picks
  where day = {day:Date} and order_id = {order_id:String}
  group by path
) k on k.path = f.path
where f.order_id = {order_id:String}
