-- -> path: where its rows lie, rows bigint: its numbers and the empty rows of erased persons, bytes bigint
select coalesce(file, path) as path, numbers + coalesce(erased, 0) as rows, bytes
from pool_files
order by path;
