-- How many numbers the pool files have that copy_newest_phones.sql reads. {since}, {most} -> numbers
select sum(numbers) as numbers
from (
  select
    numbers,
    coalesce(
      sum(numbers) over (
        order by imported_at desc, sequence desc, path
        rows between unbounded preceding and 1 preceding
      ),
      0
    ) as before
  from pool_files
  where imported_at >= {since:DateTime64(3, 'UTC')}
)
where before < {most:Int64}
