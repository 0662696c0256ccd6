-- Promise 6: the same content entered once unless it was forced. -> found
select 'the same content entered ' || count(*) || ' times: ' || string_agg(import_id, ', ') as found
from imports
where not forced
group by content_hash
having count(*) > 1;
