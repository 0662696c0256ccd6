-- Adds the rows of one list whose cells go: those of erased persons, and those that share a phone cell with one, since the
-- cell as it was written holds both numbers. {{cell}}: what the phones were read from
-- $list varchar, $hit varchar[]: the files in which its erased persons stand, $paths varchar[]: all files that have rows of it
insert into emptied_rows
with cells as (
  select distinct {{cell}} as cell
  from read_parquet($hit::varchar[], filename = true, file_row_number = true, hive_partitioning = false) s
  semi join (
    select file, row_number
    from erased_rows
    where list = $list
  ) e on e.file = s.filename and e.row_number = s.file_row_number
),
alike as materialized (
  select s.filename as file, s.file_row_number as row_number
  from read_parquet($paths::varchar[], filename = true, file_row_number = true, hive_partitioning = false) s
  semi join cells on cells.cell = {{cell}}
)
select a.file, a.row_number
from alike a
left join pieces p on p.file = a.file and a.row_number between p.first and p.last
where coalesce(p.list, a.file) = $list
union
select file, row_number
from erased_rows
where list = $list;
