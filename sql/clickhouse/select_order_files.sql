-- Where the numbers of an order came from, and where their rows lie now: under the same name. What was pruned since has no
-- file and no columns. {order_id} -> path, provider, date, numbers, file, first_row, columns, phone_column
select
  o.path as path,
  o.provider as provider,
  o.date as date,
  o.numbers as numbers,
  f.path as file,
  if(f.path is null, null, 0) as first_row,
  f.columns as columns,
  f.phone_column as phone_column
from order_files o
left join pool_files f on f.path = o.path
where o.order_id = {order_id:String}
order by o.date desc, o.path
