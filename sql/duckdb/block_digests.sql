-- Blocks what is suppressed by its digest. {{digest}}: the digest's hexadecimal text, of a phone in the form that was hashed
-- $algorithm, $form, $customer varchar, $at timestamptz
insert into blocked
with suppressed as (
  select digest, min(kind) as kind
  from suppressed_digests
  where algorithm = $algorithm
    and form = $form
    and (until is null or until > $at::timestamptz)
    and (customer is null or lower(customer) = lower($customer::varchar))
  group by digest
)
select phone, kind
from unsold
join suppressed on suppressed.digest = md5_number({{digest}})
anti join blocked using (phone);
