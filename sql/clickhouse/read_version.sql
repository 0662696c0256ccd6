-- How many files of the schema the database has seen. -> version
select value as version
from meta
where key = 'version'
