-- The rows of an order, or of a part of it, in the order of its delivery. The picks are the smaller side: the pool passes by.
-- {order_id}, {day}, {first}, {last} of its numbers, counted from 0; {dates} and {providers} of its files; {{cells}}: what is delivered
select {{cells}}
from pool p
join (
  select rank, phone, path, row
  from (
    select rank, phone, path, row, row_number() over (order by rank) - 1 as place
    from picks
    where day = {day:Date} and order_id = {order_id:String}
  )
  where place between {first:Int64} and {last:Int64}
) k on k.phone = p.phone and k.path = p.path and k.row = p.row
join (
  select
    path,
    lowerUTF8(phone_column) as phone_column,
    arrayMap(name -> lowerUTF8(name), columns) as columns
  from pool_files
) f on f.path = p.path
where p.date in ({dates:Array(Date)}) and p.provider in ({providers:Array(String)})
order by k.rank
settings max_bytes_ratio_before_external_sort = 0.4
