-- $order_id varchar, $numbers bigint that were taken out
update orders
set
  numbers = numbers - $numbers::bigint,
  withdrawn = withdrawn + $numbers::bigint
where order_id = $order_id;
