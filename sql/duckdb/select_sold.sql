-- The newest sales inside the cooldown, as select_suppressed.sql shows entries. $sold_since timestamptz, $cooldown_ms bigint,
-- $limit bigint
select
  l.phone,
  'sold' as kind,
  o.customer,
  null as reason,
  l.sold_at as added_at,
  l.sold_at + to_milliseconds($cooldown_ms::bigint) as until
from ledger l
left join orders o on o.order_id = l.order_id
where l.sold_at >= $sold_since::timestamptz
order by l.sold_at desc, l.phone
limit $limit::bigint;
