-- Takes away what must not be sold, then the newest $need bigint of the slice.
-- $customer varchar, $at timestamptz
insert into picks
with suppressed as (
  select phone
  from suppression
  where (until is null or until > $at::timestamptz)
    and (customer is null or customer = $customer::varchar)
)
select phone, rank
from unsold
anti join suppressed using (phone)
order by rank
limit $need::bigint;
