-- The files of the pool that were imported since $since timestamptz, newest first. -> path varchar, numbers bigint
select coalesce(file, path) as path, numbers
from pool_files
where imported_at >= $since::timestamptz
order by imported_at desc, sequence desc;
