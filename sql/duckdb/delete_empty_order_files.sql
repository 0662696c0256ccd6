-- Files of which an order has nothing any more. $order_id varchar
delete from order_files
where order_id = $order_id
  and numbers = 0;
