-- Promise 2: who is erased is gone from every file. -> found
select 'erasure ' || erasure_id || ' is not finished: numbers erase --resume' as found
from erasures
where finished_at is null
union all
select 'the file ' || path || ' should be gone: numbers erase --resume'
from doomed_files;
