-- The tables that have rows of their own. -> table
select name as table
from system.tables
where database = currentDatabase() and engine not in ('View', 'KeeperMap')
order by name
