-- The listed phones that are not suppressed for ever for this kind and customer yet. {{listed}}: a select of distinct phones
-- $kind varchar, $customer varchar or null
select l.phone
from (
  {{listed}}
) l
anti join (
  select phone
  from suppression
  where kind = $kind::varchar
    and lower(customer) is not distinct from lower($customer::varchar)
    and until is null
) s using (phone)
