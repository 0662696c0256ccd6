-- What an order is after some of its numbers were erased. {order_id}, {numbers}, {withdrawn}, {erased}
insert into orders
select * replace (
  {numbers:Int64} as numbers,
  {withdrawn:Int64} as withdrawn,
  {erased:Int64} as erased,
  {row_version:UInt64} as row_version
)
from orders
where order_id = {order_id:String}
