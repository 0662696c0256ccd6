-- Suppression of the numbers that are looked up. {phones} -> phone, kind, customer, reason, added_at, until
select
  s.phone as phone,
  s.kind as kind,
  nullIf(s.customer, '') as customer,
  s.reason as reason,
  s.added_at as added_at,
  s.until as until
from suppression s
where s.phone in {phones:Array(Int64)}
order by s.added_at, s.kind
