-- {ids}, {at}
insert into erasures
select * replace ({at:DateTime64(3, 'UTC')} as finished_at, {row_version:UInt64} as row_version)
from erasures e
where e.erasure_id in ({ids:Array(String)}) and e.finished_at is null
