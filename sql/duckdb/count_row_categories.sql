-- Rows of staged files by the category in a column, or the default where it has nothing; whatever its case, in its commonest
-- spelling. {{cell}}: the column; $paths varchar[], $otherwise varchar or null -> category, numbers bigint
with cells as (
  select coalesce(nullif(trim({{cell}}), ''), $otherwise::varchar) as category
  from read_parquet($paths::varchar[], hive_partitioning = false) s
),
spellings as (
  select category, count(*) as numbers
  from cells
  where category is not null
  group by category
)
select
  first(category order by numbers desc, category) as category,
  sum(numbers)::bigint as numbers
from spellings
group by lower(category)
order by lower(category);
