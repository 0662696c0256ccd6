-- Nothing is left of them to deliver. Needs dropped_orders. $at timestamptz
update orders
set pruned_at = $at::timestamptz
where exists (select 1 from dropped_orders d where d.order_id = orders.order_id);
