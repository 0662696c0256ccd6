-- The pool files of an order, or of a part of it, in the order of its delivery. {order_id}, {day}, {first}, {last} of its numbers, counted from 0
-- -> path, date, provider, columns, phone_column
select k.path as path, k.date as date, k.provider as provider, f.columns as columns, f.phone_column as phone_column
from (
  select path, any(date) as date, any(provider) as provider, min(place) as rank
  from (
    select path, date, provider, row_number() over (order by rank) - 1 as place
    from picks
    where day = {day:Date} and order_id = {order_id:String}
  )
  where place between {first:Int64} and {last:Int64}
  group by path
) k
join pool_files f on f.path = k.path
order by k.rank
