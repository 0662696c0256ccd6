-- Removes the picks of orders that are not there: of those that were not there when they were looked for, so that a statement
-- that the server runs late takes nothing from an order that is being made. {order_ids}
alter table picks
delete where order_id in {order_ids:Array(String)}
  and order_id not in (select order_id from orders final)
