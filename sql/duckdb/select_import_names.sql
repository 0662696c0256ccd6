-- Names that files of an import have or had. $import_id varchar -> name
select path as name
from pool_files
where import_id = $import_id
union
select file
from pool_files
where import_id = $import_id
  and file is not null;
