-- Persons who were erased before are looked for once more.
update erasures
set
  phone = x.phone,
  finished_at = null
from erasing x
where erasures.erasure_id = x.erasure_id;
