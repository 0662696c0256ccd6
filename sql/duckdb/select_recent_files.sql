-- The files of the pool that hold what was imported since $since timestamptz, newest first. -> file varchar, numbers bigint
select coalesce(file, path) as file, sum(numbers)::bigint as numbers
from pool_files
where imported_at >= $since::timestamptz
group by coalesce(file, path)
order by max(imported_at) desc, max(sequence) desc, file;
