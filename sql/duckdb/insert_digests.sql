-- Suppresses the fresh digests of a list for ever. {{fresh}}: fresh_digests.sql with its parameters
-- $reason varchar or null, $at timestamptz
insert into suppressed_digests (digest, algorithm, form, kind, customer, reason, added_at, until)
select
  digest,
  $algorithm::varchar,
  $form::varchar,
  $kind::varchar,
  $customer::varchar,
  $reason::varchar,
  $at::timestamptz,
  null
from (
  {{fresh}}
);
