-- Orders, as far as their copies are moved.
-- -> order_id, reserved_at timestamptz, numbers bigint, is_pruned boolean, is_live boolean: the ledger has its sales
select
  order_id,
  reserved_at,
  numbers,
  pruned_at is not null as is_pruned,
  (state <> 'cancelled' or keeps_cooldown) and pruned_at is null as is_live
from orders
order by reserved_at, order_id;
