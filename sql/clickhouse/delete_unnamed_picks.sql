-- Removes the picks of orders that are not there.
alter table picks
delete where order_id not in (select order_id from orders final)
