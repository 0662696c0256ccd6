-- Frees the numbers of an order of which nothing has left the house. $order_id varchar
delete from ledger
where order_id = $order_id;
