-- Partitions of the pool before a day, oldest first. $before date
-- -> date, provider, numbers bigint, newest timestamptz: when the newest import in it counts from
select date::varchar as date, provider, sum(numbers)::bigint as numbers, max(imported_at) as newest
from pool_files
where date < $before::date
group by all
order by date, provider;
