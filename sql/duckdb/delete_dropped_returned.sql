-- Which numbers of dropped orders came back; how many, and their credit, stays in returns. Needs dropped_orders.
delete from returned
where exists (select 1 from dropped_orders d where d.order_id = returned.order_id);
