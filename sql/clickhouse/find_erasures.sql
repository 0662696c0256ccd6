-- What is known of persons by their digests. {phones}, {key}: the home's erasure key
-- -> phone, erasure_id, reason, erased_at, finished_at or null
select
  a.phone as phone,
  e.erasure_id as erasure_id,
  e.reason as reason,
  e.erased_at as erased_at,
  e.finished_at as finished_at
from erasures e
join (
  select
    arrayJoin({phones:Array(Int64)}) as phone,
    reinterpretAsUInt128(MD5(lower(hex(SHA256(concat({key:String}, toString(phone))))))) as digest
) a on a.digest = e.digest
