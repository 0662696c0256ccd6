-- Rows of the pool, from write_pool_block.sql of the other engine.
insert into pool (date, provider, phone, path, row, cells)
