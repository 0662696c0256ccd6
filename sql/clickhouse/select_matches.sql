-- Some of the rows of one import that count_matches counts, by phone; rows of one phone by their place, so that no page has one
-- twice. {import_id}, {digits}, {is_beginning}, {limit}, {offset}
-- -> phone, path, row, provider, date, import_id, category, has_column: its category is in a cell, source
select
  p.phone as phone,
  p.path as path,
  p.row as row,
  f.provider as provider,
  f.date as date,
  i.import_id as import_id,
  i.category as category,
  toBool(i.category_column is not null) as has_column,
  i.source as source
from (
  select phone, path, row
  from pool
  where date in (select date from pool_files where import_id = {import_id:String})
    and path in (select path from pool_files where import_id = {import_id:String})
    and if(
      {is_beginning:Bool},
      startsWith(toString(phone), {digits:String}),
      position(toString(phone), {digits:String}) > 0
    )
  order by phone, path, row
  limit {limit:UInt64} offset {offset:UInt64}
) p
join pool_files f on f.path = p.path
join imports i on i.import_id = f.import_id
order by p.phone, p.path, p.row
