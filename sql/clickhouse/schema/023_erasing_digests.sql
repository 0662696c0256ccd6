-- What lists of digests may know those persons by.
create view if not exists erasing_digests as
select
  erasure_id,
  algorithm,
  written.1 as form,
  reinterpretAsUInt128(
    MD5(if(algorithm = 'md5', lower(hex(MD5(written.2))), lower(hex(SHA256(written.2)))))
  ) as digest
from (
  select
    erasure_id,
    arrayJoin(['md5', 'sha256']) as algorithm,
    arrayJoin([
      ('digits', toString(phone)),
      ('e164', concat('+', toString(phone))),
      ('national', concat('0', substring(toString(phone), 3)))
    ]) as written
  from erasing final
)
