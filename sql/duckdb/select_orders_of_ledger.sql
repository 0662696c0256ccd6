-- All orders, and what the ledger should have, and has, of them.
-- -> order_id, reserved_at timestamptz, numbers bigint, is_live boolean, fingerprint varchar: of its sales
select
  o.order_id,
  o.reserved_at,
  o.numbers,
  (o.state <> 'cancelled' or o.keeps_cooldown) and o.pruned_at is null as is_live,
  l.fingerprint
from orders o
left join (
  select order_id, bit_xor(hash(phone, provider, epoch_us(sold_at)))::varchar as fingerprint
  from ledger
  group by order_id
) l on l.order_id = o.order_id;
