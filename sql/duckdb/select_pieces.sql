-- The pool files whose rows lie in some files. $files varchar[] -> path, file, first_row bigint, rows bigint
select path, coalesce(file, path) as file, first_row, numbers + erased as rows
from pool_files
where coalesce(file, path) in (select unnest($files::varchar[]));
