-- What was taken back is never sold again; a number that is invalid for ever already stays as it is.
-- $reason varchar, $at timestamptz
insert into suppression (phone, kind, customer, reason, added_at, until)
select p.phone, 'invalid', null, $reason, $at::timestamptz, null
from presented p
anti join (
  select phone
  from suppression
  where kind = 'invalid' and until is null
) s on s.phone = p.phone
where p.standing = 'returned'
order by p.phone;
