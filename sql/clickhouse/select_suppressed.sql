-- The newest suppressed phones. {kind}, {customer} or null for all, {at}, {limit}
-- -> phone, kind, customer, reason, added_at, until
select
  s.phone as phone,
  s.kind as kind,
  nullIf(s.customer, '') as customer,
  s.reason as reason,
  s.added_at as added_at,
  s.until as until
from suppression s
where (s.until is null or s.until > {at:DateTime64(3, 'UTC')})
  and ({kind:Nullable(String)} is null or s.kind = {kind:Nullable(String)})
  and ({customer:Nullable(String)} is null or lowerUTF8(s.customer) = lowerUTF8({customer:Nullable(String)}))
order by s.added_at desc, s.phone
limit {limit:UInt64}
