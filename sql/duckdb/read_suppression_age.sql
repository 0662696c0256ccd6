-- When the suppression was last added to. -> newest timestamptz or null
select max(added_at) as newest
from (
  select max(added_at) as added_at from suppression
  union all
  select max(added_at) from suppressed_digests
);
