-- Imports whose category, source, file name or id has a text in it, whatever its case; newest first. There is always a row, for
-- the total: without an id when the page is empty. {text}, {limit}, {offset}
-- -> total, import_id or null, date, path, source, category, numbers
with found as (
  select
    i.import_id as import_id,
    i.date as date,
    i.path as path,
    i.source as source,
    coalesce(n.category, i.category) as category,
    i.numbers as numbers,
    i.imported_at as imported_at,
    i.sequence as sequence
  from imports i
  left join (
    select import_id, toNullable(argMax(category, numbers)) as category
    from import_categories
    where position(lowerUTF8(category), lowerUTF8({text:String})) > 0
    group by import_id
  ) n on n.import_id = i.import_id
  where n.import_id is not null
    or position(lowerUTF8(i.category), lowerUTF8({text:String})) > 0
    or position(lowerUTF8(i.source), lowerUTF8({text:String})) > 0
    or position(lowerUTF8(splitByChar('/', i.path)[-1]), lowerUTF8({text:String})) > 0
    or position(lowerUTF8(i.import_id), lowerUTF8({text:String})) > 0
)
select
  t.total as total,
  p.import_id as import_id,
  p.date as date,
  p.path as path,
  p.source as source,
  p.category as category,
  p.numbers as numbers
from (select count() as total, 1 as one from found) t
left join (
  select *, 1 as one
  from found
  order by imported_at desc, sequence desc
  limit {limit:UInt64} offset {offset:UInt64}
) p on p.one = t.one
order by p.imported_at desc, p.sequence desc
