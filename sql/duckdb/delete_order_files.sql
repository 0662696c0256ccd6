-- $order_id varchar
delete from order_files
where order_id = $order_id;
