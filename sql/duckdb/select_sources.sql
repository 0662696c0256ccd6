-- The register, by name, with what came in from each.
-- -> name, basis, contact, expires varchar YYYY-MM-DD, added_at timestamptz, imports bigint, numbers bigint
with supplied as (
  select lower(source) as name, count(*) as imports, sum(numbers)::bigint as numbers
  from imports
  where source is not null
  group by lower(source)
)
select
  s.name,
  s.basis,
  s.contact,
  s.expires::varchar as expires,
  s.added_at,
  coalesce(i.imports, 0) as imports,
  coalesce(i.numbers, 0) as numbers
from sources s
left join supplied i on i.name = lower(s.name)
order by lower(s.name);
