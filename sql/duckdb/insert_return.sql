-- Records a return at the order's own price. The credit is what all returns of the order come to less what was credited
-- before, so that many small ones are rounded no further than one large one; decimal all the way, as in select_statement.
-- $return_id, $order_id, $reason, $numbers bigint, $returned bigint: before this one; $at timestamptz
insert into returns (return_id, order_id, reason, numbers, price, credit, returned_at)
select
  $return_id,
  order_id,
  $reason,
  $numbers::bigint,
  price,
  (($returned::bigint + $numbers::bigint)::decimal(20, 0) * price * 0.001)::decimal(18, 2) - (
    select coalesce(sum(credit), 0)
    from returns
    where order_id = $order_id
  ),
  $at::timestamptz
from orders
where order_id = $order_id;
