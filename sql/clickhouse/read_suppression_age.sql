-- When the suppression was last added to. -> newest or null
select maxOrNull(added_at) as newest
from (
  select added_at from suppression
  union all
  select added_at from suppressed_digests
)
