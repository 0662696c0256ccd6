-- The files of the pool whose checksums are known. -> path: where it lies, sum varchar
select distinct coalesce(file, path) as path, sum
from pool_files
where sum is not null
order by path;
