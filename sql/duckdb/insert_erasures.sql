-- Records persons of whom nothing is recorded yet. $key varchar, $reason varchar, $at timestamptz
insert into erasures
select
  x.erasure_id,
  md5_number(sha256($key || x.phone::varchar)),
  x.phone,
  $reason,
  $at::timestamptz,
  null
from erasing x
anti join erasures e on e.erasure_id = x.erasure_id;
