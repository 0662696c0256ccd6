-- Blocks what is suppressed by its digest. {{digest}}: phone_digest
-- {look_id}, {algorithm}, {form}, {customer}, {at}
insert into blocked (look_id, phone, rule)
select {look_id:String}, c.phone, d.kind
from (
  select phone, {{digest}} as digest
  from (
    select phone, {algorithm:String} as algorithm, {form:String} as form
    from candidates
    where look_id = {look_id:String}
  )
) c
left anti join (select phone from blocked where look_id = {look_id:String}) b on b.phone = c.phone
join (
  select digest, min(kind) as kind
  from suppressed_digests
  where algorithm = {algorithm:String}
    and form = {form:String}
    and (until is null or until > {at:DateTime64(3, 'UTC')})
    and (customer = '' or lowerUTF8(customer) = lowerUTF8(ifNull({customer:Nullable(String)}, '')))
  group by digest
) d on d.digest = c.digest
