-- Blocks what is suppressed. {look_id}, {customer}, {at}
insert into blocked (look_id, phone, rule)
select {look_id:String}, s.phone, argMin(s.kind, multiIf(s.kind = 'dnc', 1, s.kind = 'invalid', 2, 3))
from suppression s
left anti join (select phone from blocked where look_id = {look_id:String}) b on b.phone = s.phone
where s.phone in (select phone from candidates where look_id = {look_id:String})
  and (s.until is null or s.until > {at:DateTime64(3, 'UTC')})
  and (s.customer = '' or lowerUTF8(s.customer) = lowerUTF8(ifNull({customer:Nullable(String)}, '')))
group by s.phone
