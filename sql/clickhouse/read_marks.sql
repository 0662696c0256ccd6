-- Whose the database is, and whether its numbers are on their way. -> key, value
select key, value
from meta
where key in ('database_id', 'home', 'arriving', 'leaving', 'left') and value <> ''
