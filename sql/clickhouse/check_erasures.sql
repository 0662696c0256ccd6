-- Promise 2: who is erased is gone from everywhere. -> found
select concat('erasure ', erasure_id, ' is not finished: numbers erase --resume') as found
from erasures
where finished_at is null
order by found
