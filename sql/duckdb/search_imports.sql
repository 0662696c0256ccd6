-- Imports whose category, source, file name or id has a text in it, whatever its case; newest first. By `contains` and not
-- by a pattern, so that % and _ are themselves. There is always a row, for the total: without an id when the page is empty.
-- $text varchar, $limit bigint, $offset bigint
-- -> total bigint, import_id or null, date varchar, path, source, category, numbers bigint
with named as (
  select import_id, arg_max(category, numbers) as category
  from import_categories
  where contains(lower(category), lower($text))
  group by import_id
),
found as (
  select
    i.import_id,
    i.date::varchar as date,
    i.path,
    i.source,
    coalesce(n.category, i.category) as category,
    i.numbers,
    i.imported_at,
    i.sequence
  from imports i
  left join named n on n.import_id = i.import_id
  where n.import_id is not null
     or contains(lower(i.category), lower($text))
     or contains(lower(i.source), lower($text))
     or contains(lower(parse_filename(i.path)), lower($text))
     or contains(lower(i.import_id), lower($text))
),
page as (
  select *
  from found
  order by imported_at desc, sequence desc
  limit $limit::bigint offset $offset::bigint
)
select t.total, p.import_id, p.date, p.path, p.source, p.category, p.numbers
from (select count(*) as total from found) t
left join page p on true
order by p.imported_at desc, p.sequence desc;
