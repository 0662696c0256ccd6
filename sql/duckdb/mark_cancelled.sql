-- $order_id varchar, $keeps_cooldown boolean, $at timestamptz
update orders
set
  state = 'cancelled',
  keeps_cooldown = $keeps_cooldown,
  cancelled_at = $at::timestamptz
where order_id = $order_id and state in ('reserved', 'delivered');
