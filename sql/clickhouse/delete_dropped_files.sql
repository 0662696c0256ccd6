-- Takes some partitions out of the pool: their rows count for nothing from then on. {partitions}: such as 2026-11-20/tsel
insert into pool_files
select * replace ({row_version:UInt64} as row_version, 1 as gone)
from pool_files f
where has({partitions:Array(String)}, concat(toString(f.date), '/', f.provider))
