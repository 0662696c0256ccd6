-- What no pool file lies in, whatever else was noted of it. -> path
select distinct path
from doomed_files
where path not in (select coalesce(file, path) from pool_files);
