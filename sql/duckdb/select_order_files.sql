-- Where the numbers of an order came from, and where their rows lie now; of what was pruned since there are no columns.
-- $order_id varchar
select
  o.path,
  o.provider,
  o.date::varchar as date,
  o.numbers,
  coalesce(f.file, f.path) as file,
  f.first_row,
  f.columns,
  f.phone_column
from order_files o
left join pool_files f on f.path = o.path
where o.order_id = $order_id
order by o.date desc, o.path;
