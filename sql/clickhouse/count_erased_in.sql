-- Rows of persons whose erasure is finished. {{table}}; {key}: the home's erasure key -> numbers
select count() as numbers
from {{table}}
where reinterpretAsUInt128(MD5(lower(hex(SHA256(concat({key:String}, toString(phone))))))) in (
  select digest
  from erasures
  where finished_at is not null
)
