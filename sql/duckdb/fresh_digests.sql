-- The listed digests that are not suppressed for ever for this kind, customer, algorithm and form yet.
-- {{listed}}: listed_digests.sql; $kind, $customer varchar or null, $algorithm, $form
select l.digest
from (
  {{listed}}
) l
anti join (
  select digest
  from suppressed_digests
  where kind = $kind::varchar
    and lower(customer) is not distinct from lower($customer::varchar)
    and algorithm = $algorithm::varchar
    and form = $form::varchar
    and until is null
) s using (digest)
