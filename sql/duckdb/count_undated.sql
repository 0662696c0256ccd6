-- Lines of a read list whose date cannot be, as stage_history.sql sees it. -> lines bigint, example varchar (one of the cells)
-- A line with several phones is as many rows, all alike: rows over phones are lines.
-- {{sold_at}}: sold_at_of.sql; {{cell}}: the column of dates
-- $paths varchar[], $zone varchar, $fallback timestamptz or null, $now timestamptz
select coalesce(sum(lines), 0)::bigint as lines, coalesce(min(example), '') as example
from (
  select count(*) // count(distinct phone) as lines, min(cell) as example
  from (
    select
      phone,
      raw_data,
      {{cell}} as cell,
      {{sold_at}} as sold_at
    from read_parquet($paths::varchar[], hive_partitioning = false) s
  )
  where coalesce(sold_at not between timestamptz '1990-01-01 00:00:00+00' and $now::timestamptz, true)
  group by raw_data
);
