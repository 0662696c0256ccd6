-- Every odd phone cell once, numbered. $paths varchar[] of the odd lane
create or replace temp table odd_cells as
select row_number() over () as number, cell
from (
  select distinct {{cell}} as cell
  from read_parquet($paths::varchar[], hive_partitioning = false) s
);
