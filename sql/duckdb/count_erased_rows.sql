-- -> file, path or null, list, erasure_id, numbers bigint
select file, path, list, erasure_id, count(*) as numbers
from erased_rows
group by file, path, list, erasure_id;
