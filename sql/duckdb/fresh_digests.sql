-- The listed digests that are not suppressed for ever for this kind, customer, algorithm and form yet.
-- {{listed}}: listed_digests.sql; $first, $last ubigint: the range of their higher halves
-- $kind, $customer varchar or null, $algorithm, $form
select l.digest
from (
  {{listed}}
) l
anti join (
  select digest
  from suppressed_digests
  where digest >= ($first::ubigint::uhugeint << 64)
    and digest <= (($last::ubigint::uhugeint << 64) | 18446744073709551615::uhugeint)
    and kind = $kind::varchar
    and lower(customer) is not distinct from lower($customer::varchar)
    and algorithm = $algorithm::varchar
    and form = $form::varchar
    and until is null
) s using (digest)
