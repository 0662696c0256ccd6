-- Sales from the other engine, by write_moved_sales.sql.
insert into ledger (phone, provider, order_id, import_id, sold_at)
