-- Puts the listed sales that the ledger does not have, by phone and instant, under an id of their own, in blocks: by day, so
-- that a block goes into few partitions. {list_id}, {fresh_id}, {key} or null: nobody who was erased
insert into listed (list_id, phone, provider, sold_at, block)
select {fresh_id:String}, phone, provider, sold_at, intDiv(rowNumberInAllBlocks(), 500000)
from (
  select l.phone as phone, l.provider as provider, l.sold_at as sold_at
  from (
    select phone, sold_at, any(provider) as provider
    from listed
    where list_id = {list_id:String}
    group by phone, sold_at
  ) l
  left anti join (
    select phone as known_phone, sold_at as known_at
    from sales
    where sold_at >= (select min(sold_at) from listed where list_id = {list_id:String})
      and sold_at <= (select max(sold_at) from listed where list_id = {list_id:String})
  ) s on s.known_phone = l.phone and s.known_at = l.sold_at
  left anti join (
    select digest
    from erasures
    where {key:Nullable(String)} is not null
  ) e on e.digest = reinterpretAsUInt128(
    MD5(lower(hex(SHA256(concat(ifNull({key:Nullable(String)}, ''), toString(l.phone))))))
  )
  order by l.sold_at, l.phone
)
