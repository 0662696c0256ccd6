-- -> path, numbers bigint, bytes bigint
select path, numbers, bytes
from pool_files
order by path;
