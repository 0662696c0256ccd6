-- When a partition of the pool was dropped, at or after an instant. {partition} as 2026-11-20/tsel, {since}
-- -> done_at or null
select minOrNull(a.done_at) as done_at
from audit a
where a.action = 'prune'
  and a.done_at >= {since:DateTime64(3, 'UTC')}
  and has(JSONExtract(a.details, 'partitions', 'Array(String)'), {partition:String})
