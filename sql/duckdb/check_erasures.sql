-- Promise 2: who is erased is gone from every file. Doomed files that no erasure waits for hold nobody who is erased: one
-- begins by removing them, and its own are gone before it is finished. -> found
with unfinished as (
  select erasure_id
  from erasures
  where finished_at is null
)
select 'erasure ' || erasure_id || ' is not finished: numbers erase --resume' as found
from unfinished
union all
select 'the file ' || path || ' should be gone: numbers erase --resume'
from doomed_files
where exists (from unfinished);
