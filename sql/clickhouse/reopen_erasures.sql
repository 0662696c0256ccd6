-- Persons who were erased before are looked for once more.
insert into erasures
select * replace (cast(null, 'Nullable(DateTime64(3, \'UTC\'))') as finished_at, {row_version:UInt64} as row_version)
from erasures e
where e.finished_at is not null and e.erasure_id in (select erasure_id from erasing)
