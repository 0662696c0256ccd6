-- One row when there are digests of this kind, customer and algorithm that were told to be of another form.
-- $kind, $customer varchar or null, $algorithm, $form
select form
from suppressed_digests
where kind = $kind::varchar
  and lower(customer) is not distinct from lower($customer::varchar)
  and algorithm = $algorithm::varchar
  and form <> $form::varchar
limit 1;
