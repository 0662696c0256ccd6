-- The rows of an order, or of a part of it, in the order of its delivery. The picks are the smaller side: the pool passes by.
-- {order_id}, {day}, {first}, {last} of its numbers, counted from 0; {paths} of its files, {dates} and {providers}; {names} of its columns;
-- {{cells}}: what is delivered
select {{cells}}
from (
  select phone, row, cells, path, indexOf({paths:Array(String)}, path) as file
  from pool
  where date in ({dates:Array(Date)})
    and provider in ({providers:Array(String)})
    and path in ({paths:Array(String)})
) p
join (
  select rank, phone, row, indexOf({paths:Array(String)}, path) as file
  from (
    select rank, phone, path, row, row_number() over (order by rank) - 1 as place
    from picks
    where day = {day:Date} and order_id = {order_id:String}
  )
  where place between {first:Int64} and {last:Int64}
) k on k.phone = p.phone and k.row = p.row and k.file = p.file
join (
  select
    path,
    lowerUTF8(phone_column) as phone_column,
    arrayMap(name -> lowerUTF8(name), columns) as columns
  from pool_files
  where path in ({paths:Array(String)})
) f on f.path = p.path
order by k.rank
settings max_bytes_ratio_before_external_sort = 0.4
