-- -> file, erasure_id, numbers bigint
select file, erasure_id, count(*) as numbers
from erased_rows
group by file, erasure_id;
