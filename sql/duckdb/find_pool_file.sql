-- $path varchar -> file: where its rows lie now
select coalesce(file, path) as file
from pool_files
where path = $path;
