-- The newest sales inside the cooldown, as select_suppressed.sql shows entries. {sold_since}, {cooldown_ms}, {limit}
-- -> phone, kind, customer, reason, added_at, until
select
  l.phone as phone,
  'sold' as kind,
  o.customer as customer,
  null as reason,
  l.sold_at as added_at,
  l.sold_at + toIntervalMillisecond({cooldown_ms:Int64}) as until
from sales l
left join orders o on o.order_id = l.order_id
where l.sold_at >= {sold_since:DateTime64(3, 'UTC')}
order by l.sold_at desc, l.phone
limit {limit:UInt64}
