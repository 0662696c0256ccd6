-- Every pool file, in the order in which an order of the newest numbers takes them. $date varchar: of that day, or null
-- -> path, file, first_row bigint, rows bigint, bytes bigint, date, provider, synthetic, columns varchar[], phone_column
select
  path,
  coalesce(file, path) as file,
  first_row,
  numbers + erased as rows,
  bytes,
  date::varchar as date,
  provider,
  synthetic,
  columns,
  phone_column
from pool_files
where $date::date is null
   or date = $date::date
order by imported_at desc, sequence desc, path;
