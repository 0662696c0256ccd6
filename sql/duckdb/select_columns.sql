-- The tables of the catalog and their columns, in their order. -> "table" varchar, "column" varchar, type varchar
select table_name as "table", column_name as "column", data_type as type
from duckdb_columns()
where database_name = current_database()
  and not internal
  and table_name in (select table_name from duckdb_tables() where not temporary)
order by table_name, column_index;
