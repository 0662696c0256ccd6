-- Takes away what was sold inside the cooldown, by whatever order and provider: a phone may be filed under another one.
-- Equality on the phone only: anti joins with further conditions between the sides have open wrong-result bugs.
-- First the sales of the slice's own phones, by a semi join: its filters reach the scan of the ledger, those of an anti join
-- do not (100 million sales: 1.9 s without, 1.5 with; 1.0 of it reads the ledger from the disk's cache).
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
  semi join slice using (phone)
  where sold_at >= $sold_since::timestamptz
)
select phone, rank
from slice
anti join sold using (phone);
