-- The sales inside the cooldown of phones in a range; a branch of select_unsold. The ledger is sorted by phone within each order:
-- a scan of its own for each range passes over the row groups that have none (conditions joined by `or` do not).
select phone
from ledger
where phone between $lowest_{{n}} and $highest_{{n}}
  and sold_at >= $sold_since::timestamptz
