-- Partitions of the pool before a day, oldest first. {before}
-- -> date, provider, numbers, newest: when the newest import in it counts from
select toString(f.date) as date, f.provider as provider, sum(f.numbers) as numbers, max(f.imported_at) as newest
from pool_files f
where f.date < {before:Date}
group by f.date, f.provider
order by date, provider
