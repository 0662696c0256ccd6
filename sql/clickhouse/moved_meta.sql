-- What the catalog notes beside what is of this database alone.
select key, value
from meta
where key not in ('version', 'database_id', 'home', 'arriving', 'leaving', 'left') and value <> ''
