-- How many of the slice's unsold numbers may be sold. -> numbers bigint
-- $customer varchar, $at timestamptz
with suppressed as (
  select phone
  from suppression
  where (until is null or until > $at::timestamptz)
    and (customer is null or customer = $customer::varchar)
)
select count(*) as numbers
from unsold
anti join suppressed using (phone);
