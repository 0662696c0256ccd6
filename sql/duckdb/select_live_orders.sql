-- Orders whose numbers are in the ledger as sold. -> order_id, reserved_at timestamptz, numbers bigint
select order_id, reserved_at, numbers
from orders
where (state <> 'cancelled' or keeps_cooldown)
  and pruned_at is null;
