-- Files that have rows in the pool and were not published. -> path
select distinct path
from pool
where path not in (select path from pool_files)
