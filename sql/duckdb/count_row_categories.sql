-- Rows of staged files by the category in a column, or the default where it has nothing; whatever its case, in its commonest
-- spelling. Longest first, cut after a character too many, and at most $most integer: who holds names or addresses for
-- categories must not fill the memory. $paths varchar[], $otherwise varchar or null, $length integer
-- -> category, numbers bigint
with cells as (
  select left(coalesce(nullif(trim({{cell}}), ''), $otherwise::varchar), $length::integer) as category
  from read_parquet($paths::varchar[], hive_partitioning = false) s
),
spellings as (
  select category, count(*) as numbers
  from cells
  where category is not null
  group by category
),
folded as (
  select
    lower(category) as name,
    first(category order by numbers desc, category) as category,
    sum(numbers)::bigint as numbers
  from spellings
  group by lower(category)
)
select category, numbers
from folded
order by length(category) desc, name
limit $most::integer;
