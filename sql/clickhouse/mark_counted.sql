-- Notes that the rows of some persons are taken out of all counts. {ids}
insert into erasing
select * replace (true as counted, {row_version:UInt64} as row_version)
from erasing e
where e.erasure_id in ({ids:Array(String)}) and not e.counted
