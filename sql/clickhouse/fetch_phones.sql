-- The phones of an order, or of a part of it, in the order of its delivery: the pool is not asked.
-- {order_id}, {day}, {first}, {last} of its numbers, counted from 0
select phone
from (
  select phone, rank, row_number() over (order by rank) - 1 as place
  from picks
  where day = {day:Date} and order_id = {order_id:String}
)
where place between {first:Int64} and {last:Int64}
order by rank
