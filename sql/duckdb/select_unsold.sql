-- Takes away what was sold inside the cooldown, by whatever order and provider: a phone may be filed under another one.
-- Equality on the phone only: anti joins with further conditions between the sides have open wrong-result bugs.
-- $slice integer, $sold_since timestamptz
insert into unsold
with slice as (
  select phone, rank
  from candidates
  where slice = $slice::integer
),
sold as (
  select phone
  from ledger
  where sold_at >= $sold_since::timestamptz
)
select phone, rank
from slice
anti join sold using (phone);
