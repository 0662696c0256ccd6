-- The phones of the pool's newest files, until they hold {most} numbers. {since}, {most} -> phone
select p.phone as phone
from pool p
where p.path in (
  select path
  from (
    select
      path,
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
)
