-- Removes the rows of lists that were not published.
alter table pool
delete where path not in (select path from pool_files final)
