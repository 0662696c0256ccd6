-- Rows of the pool that orders took, by write_moved_picks.sql of the other engine.
insert into picks (day, order_id, rank, phone, provider, date, path, row)
