-- Persons who are recorded as erased and not yet gone from everywhere. -> erasure_id, phone, counted
select e.erasure_id as erasure_id, x.phone as phone, x.counted as counted
from erasures e
join erasing x on x.erasure_id = e.erasure_id
where e.finished_at is null
order by e.erased_at, e.erasure_id
