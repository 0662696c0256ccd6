-- The orders whose sales are dropped. $order_ids varchar[]
create or replace temp table dropped_orders as
select unnest($order_ids::varchar[]) as order_id;
