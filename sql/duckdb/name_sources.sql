-- Sources whose name begins with $typed, whatever its case: those of the register and those of imports.
-- $typed varchar, $limit bigint -> value, expires varchar YYYY-MM-DD or null
with known as (
  select name, expires::varchar as expires
  from sources
  union all
  select min(source), null
  from imports
  where source is not null
    and lower(source) not in (select lower(name) from sources)
  group by lower(source)
)
select name as value, expires
from known
where starts_with(lower(name), lower($typed))
order by lower(name)
limit $limit::bigint;
