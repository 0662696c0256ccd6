-- {order_id}, {left}: the numbers that it has still, {withdrawn}: those that were taken out of it, all in all
insert into orders
select * replace (
  {left:Int64} as numbers,
  {withdrawn:Int64} as withdrawn,
  {row_version:UInt64} as row_version
)
from orders
where order_id = {order_id:String}
