-- Rows of one file, or of several whole files one after the other, and their place in the file that they are joined into; a
-- branch of write_joined and check_joined.
-- $paths_{{n}} varchar[], $first_{{n}} and $last_{{n}} bigint row numbers, $before_{{n}} bigint[] of each file: what makes a
-- row number its place
select
  ($before_{{n}}::bigint[])[file_index::bigint + 1] + file_row_number as place,
  phone,
  raw_data
from read_parquet($paths_{{n}}::varchar[], file_row_number = true, hive_partitioning = false)
where file_row_number between $first_{{n}}::bigint and $last_{{n}}::bigint
