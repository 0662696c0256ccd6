-- Persons who are recorded as erased and not yet gone from every file. -> erasure_id, phone bigint or null
select erasure_id, phone
from erasures
where finished_at is null
order by erased_at, erasure_id;
