-- Persons who are gone from every file: only the digest stays.
update erasures
set phone = null
from erasing
where erasures.erasure_id = erasing.erasure_id;
