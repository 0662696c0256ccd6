-- What is to be exported, in the order in which it came. {kind}, {customer} or null for all, {at}
-- -> phone, kind, customer, reason, added_at, until
select
  s.phone as phone,
  toString(s.kind) as kind,
  nullIf(s.customer, '') as customer,
  s.reason as reason,
  s.added_at as added_at,
  s.until as until
from suppression s
where s.kind = {kind:String}
  and ({customer:Nullable(String)} is null or lowerUTF8(s.customer) = lowerUTF8({customer:Nullable(String)}))
  and (s.until is null or s.until > {at:DateTime64(3, 'UTC')})
order by s.added_at, s.phone
