-- How categories are spelled that came in before, the first time each. {names} -> name, spelling of those that did
with known as (
  select assumeNotNull(category) as category, sequence
  from imports
  where category is not null
  union all
  select c.category, i.sequence
  from import_categories c
  join imports i on i.import_id = c.import_id
),
wanted as (
  select distinct arrayJoin({names:Array(String)}) as name
)
select w.name as name, argMin(k.category, k.sequence) as spelling
from wanted w
join known k on lowerUTF8(k.category) = lowerUTF8(w.name)
group by w.name
