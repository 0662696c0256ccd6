-- From now on numbers of this order may be in somebody else's hands. $order_id varchar
update orders
set disclosed = true
where order_id = $order_id;
