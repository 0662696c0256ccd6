-- A row when the database has tables of ours. -> name
select name
from system.tables
where database = currentDatabase() and name = 'meta'
