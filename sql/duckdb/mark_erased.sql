-- Numbers of an order that are erased: what nobody has seen is withdrawn. $order_id varchar, $numbers bigint
update orders
set
  numbers = numbers - $numbers::bigint,
  withdrawn = withdrawn + case when state = 'reserved' and not disclosed then $numbers::bigint else 0 end,
  erased = erased + case when state = 'reserved' and not disclosed then 0 else $numbers::bigint end
where order_id = $order_id;
