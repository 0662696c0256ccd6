-- The rows whose cells go: those of erased persons, and those that share a phone cell with one, since the cell as it was
-- written holds both numbers. Files of one list only. {{cell}}: what the phones were read from
-- $hit varchar[]: the files in which erased persons stand, $paths varchar[]: all files of the list
create or replace temp table emptied_rows as
with cells as (
  select distinct {{cell}} as cell
  from read_parquet($hit::varchar[], filename = true, file_row_number = true, hive_partitioning = false) s
  semi join erased_rows e on e.file = s.filename and e.row_number = s.file_row_number
)
select s.filename as file, s.file_row_number as row_number
from read_parquet($paths::varchar[], filename = true, file_row_number = true, hive_partitioning = false) s
semi join cells on cells.cell = {{cell}}
union
select file, row_number
from erased_rows
where list_contains($hit::varchar[], file);
