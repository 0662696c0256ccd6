-- One row when the catalog has been created.
select table_name
from duckdb_tables()
where table_name = 'meta';
