-- What goes with some partitions of the pool. {partitions}: such as 2026-11-20/tsel
-- -> path, import_id, numbers, bytes; pruned: what its import lost before
select f.path as path, f.import_id as import_id, f.numbers as numbers, f.bytes as bytes, i.pruned as pruned
from pool_files f
join imports i on i.import_id = f.import_id
where has({partitions:Array(String)}, concat(toString(f.date), '/', f.provider))
order by f.path
