-- An order has what its copy in ledger/ has. $order_id varchar, $numbers, $withdrawn, $erased bigint
update orders
set
  numbers = $numbers::bigint,
  withdrawn = $withdrawn::bigint,
  erased = $erased::bigint
where order_id = $order_id;
