-- When a partition of the pool was dropped, at or after an instant. $partition varchar as 2026-11-20/tsel, $since timestamptz
-- -> done_at timestamptz or null
select min(done_at) as done_at
from audit
where action = 'prune'
  and done_at >= $since::timestamptz
  and list_contains((details->'$.partitions')::varchar[], $partition);
