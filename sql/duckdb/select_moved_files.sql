-- The pool, entry by entry. -> path, file: where its rows lie, first_row bigint, rows bigint: its numbers and the empty rows of
-- erased persons, numbers bigint, date, provider, columns, sum varchar of the file
select
  path,
  coalesce(file, path) as file,
  coalesce(first_row, 0) as first_row,
  numbers + coalesce(erased, 0) as rows,
  numbers,
  date::varchar as date,
  provider,
  columns,
  sum
from pool_files
order by coalesce(file, path), first_row, path;
