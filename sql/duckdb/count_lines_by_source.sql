-- Lines of all imports by source whatever its case: the $most of which most was rejected, and the others as one sum.
-- $most bigint -> name (null: none was told), others bigint, imports, lines, rejected bigint
with sums as (
  select min(source) as name, count(*) as imports, sum(lines) as lines, sum(rejected) as rejected
  from imports
  group by lower(source)
),
ranked as (
  select *, least(row_number() over (order by rejected desc, lines desc, name), $most::bigint + 1) as place
  from sums
)
select
  case when place <= $most::bigint then any_value(name) end as name,
  case when place > $most::bigint then count(*) else 0 end as others,
  sum(imports)::bigint as imports,
  sum(lines)::bigint as lines,
  sum(rejected)::bigint as rejected
from ranked
group by place
order by place;
