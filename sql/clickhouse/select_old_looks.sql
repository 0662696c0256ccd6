-- Looks that nobody drops any more: their process died. {before} -> table, look_id
select table, partition as look_id
from system.parts
where database = currentDatabase()
  and active
  and table in ('candidates', 'blocked')
group by table, partition
having max(modification_time) < {before:DateTime64(3, 'UTC')}
