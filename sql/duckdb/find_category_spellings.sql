-- How categories are spelled that came in before, the first time each. $names varchar[] -> name, spelling of those that did
with known as (
  select category, sequence
  from imports
  where category is not null
  union all
  select c.category, i.sequence
  from import_categories c
  join imports i on i.import_id = c.import_id
),
wanted as (
  select distinct unnest($names::varchar[]) as name
)
select w.name, arg_min(k.category, k.sequence) as spelling
from wanted w
join known k on lower(k.category) = lower(w.name)
group by w.name;
