-- Blocks the numbers of persons who were erased. {look_id}, {key}: the home's erasure key
insert into blocked (look_id, phone, rule)
select {look_id:String}, c.phone, 'erased'
from candidates c
left anti join (select phone from blocked where look_id = {look_id:String}) b on b.phone = c.phone
where c.look_id = {look_id:String}
  and reinterpretAsUInt128(MD5(lower(hex(SHA256(concat({key:String}, toString(c.phone))))))) in (
    select digest
    from erasures
  )
