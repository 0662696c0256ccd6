-- Takes the sales of dropped orders and old sales from elsewhere out of the ledger. Needs dropped_orders.
-- $before timestamptz
delete from ledger
where (order_id is null and sold_at < $before::timestamptz)
   or exists (select 1 from dropped_orders d where d.order_id = ledger.order_id);
