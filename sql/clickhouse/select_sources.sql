-- The register, by name, with what came in from each. -> name, basis, contact, expires, added_at, imports, numbers
with supplied as (
  select lowerUTF8(i.source) as name, count() as imports, sum(i.numbers) as numbers
  from imports i
  where i.source is not null
  group by lowerUTF8(i.source)
)
select
  s.name as name,
  s.basis as basis,
  s.contact as contact,
  s.expires as expires,
  s.added_at as added_at,
  coalesce(i.imports, 0) as imports,
  coalesce(i.numbers, 0) as numbers
from sources s
left join supplied i on i.name = lowerUTF8(s.name)
order by lowerUTF8(s.name)
