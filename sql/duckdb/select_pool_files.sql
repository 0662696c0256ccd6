-- The files of the pool. -> path: where it lies, rows bigint: its numbers and the empty rows of erased persons, bytes bigint,
-- misplaced bigint: pool files whose rows do not begin where those before them in the file end
with pieces as (
  select
    coalesce(file, path) as path,
    first_row,
    numbers + coalesce(erased, 0) as rows,
    bytes
  from pool_files
),
placed as (
  select *, coalesce(sum(rows) over (partition by path order by first_row rows between unbounded preceding and 1 preceding), 0) as before
  from pieces
)
select
  path,
  sum(rows)::bigint as rows,
  sum(bytes)::bigint as bytes,
  count(*) filter (where first_row <> before) as misplaced
from placed
group by path
order by path;
