-- Takes away what was sold inside the cooldown, by whatever order and provider: a phone may be filed under another one.
-- Equality on the phone only: anti joins with further conditions between the sides have open wrong-result bugs.
-- The ledger is sorted by phone within each order: of a range, the scan passes over the row groups that have none (conditions
-- joined by `or` do not). The engine makes a hash table of the smaller side, which is the slice where the ledger is large.
-- $lowest bigint and $highest bigint: the phones of the slice that are looked at; $sold_since timestamptz
insert into unsold
select phone, rank
from (
  select phone, rank
  from slice
  where phone between $lowest::bigint and $highest::bigint
)
anti join (
  select phone
  from ledger
  where phone between $lowest::bigint and $highest::bigint
    and sold_at >= $sold_since::timestamptz
) using (phone);
