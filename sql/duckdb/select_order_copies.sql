-- Orders, as far as their copies are found by it. -> order_id, reserved_at timestamptz
select order_id, reserved_at
from orders;
