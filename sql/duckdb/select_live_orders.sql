-- Orders whose sales are in the ledger, and so have a file there. -> order_id, reserved_at timestamptz
select order_id, reserved_at
from orders
where (state <> 'cancelled' or keeps_cooldown)
  and pruned_at is null;
