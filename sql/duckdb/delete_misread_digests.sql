-- Takes off the listed digests that were told to be of another form: nobody hashed two texts to one digest, so that time was
-- a mistake. {{listed}}: listed_digests.sql; $kind, $customer varchar or null, $algorithm, $form
delete from suppressed_digests
where kind = $kind::varchar
  and lower(customer) is not distinct from lower($customer::varchar)
  and algorithm = $algorithm::varchar
  and form <> $form::varchar
  and digest in (
    {{listed}}
  );
