-- The sales inside the cooldown, in the order in which they came into the ledger: an order's when it was made, a history's when
-- it was imported. {sold_since}, {cooldown_ms} -> phone, sold_at, until
select
  l.phone as phone,
  l.sold_at as sold_at,
  l.sold_at + toIntervalMillisecond({cooldown_ms:Int64}) as until
from sales l
left join (
  select subject, min(done_at) as imported_at
  from audit
  where action = 'blacklist.import'
  group by subject
) i on i.subject = l.import_id
where l.sold_at >= {sold_since:DateTime64(3, 'UTC')}
order by coalesce(i.imported_at, l.sold_at), l.order_id, l.import_id, l.phone, l.sold_at
