-- Puts the listed phones that are not suppressed for ever for this kind and customer yet under an id of their own.
-- {list_id}, {fresh_id}, {kind}, {customer} or null, {key} or null: who was erased is on no list by number
insert into listed (list_id, phone)
select {fresh_id:String}, l.phone
from (
  select distinct phone
  from listed
  where list_id = {list_id:String}
) l
left anti join (
  select phone
  from suppression
  where kind = {kind:String}
    and lowerUTF8(customer) = lowerUTF8(ifNull({customer:Nullable(String)}, ''))
    and until is null
    and phone >= (select min(phone) from listed where list_id = {list_id:String})
    and phone <= (select max(phone) from listed where list_id = {list_id:String})
) s on s.phone = l.phone
left anti join (
  select digest
  from erasures
  where {key:Nullable(String)} is not null
) e on e.digest = reinterpretAsUInt128(
  MD5(lower(hex(SHA256(concat(ifNull({key:Nullable(String)}, ''), toString(l.phone))))))
)
