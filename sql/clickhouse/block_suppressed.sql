-- Blocks what is suppressed. {look_id}, {customer}, {at}
insert into blocked (look_id, phone, rule)
select {look_id:String}, c.phone, argMin(s.kind, multiIf(s.kind = 'dnc', 1, s.kind = 'invalid', 2, 3))
from candidates c
left anti join (select phone from blocked where look_id = {look_id:String}) b on b.phone = c.phone
join (
  select phone, kind
  from suppression
  where (until is null or until > {at:DateTime64(3, 'UTC')})
    and (customer = '' or lowerUTF8(customer) = lowerUTF8(ifNull({customer:Nullable(String)}, '')))
) s on s.phone = c.phone
where c.look_id = {look_id:String}
group by c.phone
