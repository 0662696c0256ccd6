-- Some of the rows that count_matches counts, newest import first, by phone; rows of one phone by their place, so that no page
-- has one twice. {digits}, {is_beginning}, {limit}, {offset}
-- -> phone, path, row, provider, date, import_id, category, has_column boolean: its category is in a cell, source
select
  p.phone as phone,
  p.path as path,
  p.row as row,
  f.provider as provider,
  f.date as date,
  f.import_id as import_id,
  i.category as category,
  toBool(i.category_column is not null) as has_column,
  i.source as source
from pool p
join pool_files f on f.path = p.path
join imports i on i.import_id = f.import_id
where if(
  {is_beginning:Bool},
  startsWith(toString(p.phone), {digits:String}),
  position(toString(p.phone), {digits:String}) > 0
)
order by f.imported_at desc, f.sequence desc, p.phone, p.path, p.row
limit {limit:UInt64} offset {offset:UInt64}
