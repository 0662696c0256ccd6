-- Suppresses the fresh phones of a list for ever. {{fresh}}: fresh_phones.sql, with $kind and $customer
-- $reason varchar or null, $at timestamptz
insert into suppression (phone, kind, customer, reason, added_at, until)
select phone, $kind::varchar, $customer::varchar, $reason::varchar, $at::timestamptz, null
from (
  {{fresh}}
)
order by phone;
