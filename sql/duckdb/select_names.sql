-- Names of pool files that begin with an id and are in use. $id varchar -> name
select path as name
from pool_files
where contains(path, '/' || $id || '-')
union
select file
from pool_files
where contains(file, '/' || $id || '-')
union
select path
from doomed_files
where contains(path, '/' || $id || '-');
