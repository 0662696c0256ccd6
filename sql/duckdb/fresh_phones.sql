-- The listed phones that are not suppressed for ever for this kind and customer yet. {{listed}}: a select of distinct phones,
-- none outside of $first to $last bigint: the range saves reading all of the table
-- $kind varchar, $customer varchar or null, $key varchar or null: who was erased is on no list by number
select l.phone
from (
  {{listed}}
) l
anti join (
  select phone
  from suppression
  where phone between $first::bigint and $last::bigint
    and kind = $kind::varchar
    and lower(customer) is not distinct from lower($customer::varchar)
    and until is null
) s using (phone)
anti join erasures e on e.digest = md5_number(sha256($key::varchar || l.phone::varchar))
