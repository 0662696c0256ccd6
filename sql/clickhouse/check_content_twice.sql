-- Promise 6: the same content entered once unless it was forced. -> found
select
  concat(
    'the same content entered ', toString(count()), ' times: ', arrayStringConcat(arraySort(groupArray(import_id)), ', ')
  ) as found
from imports
where not forced
group by content_hash
having count() > 1
order by found
