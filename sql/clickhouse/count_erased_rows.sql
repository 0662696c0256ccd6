-- Rows of the pool that are of erased persons. {ids} -> path, erasure_id, numbers
select p.path as path, x.erasure_id as erasure_id, count() as numbers
from pool p
join erasing x on x.phone = p.phone
where p.phone in (select phone from erasing) and x.erasure_id in ({ids:Array(String)})
group by p.path, x.erasure_id
