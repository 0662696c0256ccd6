-- The rows that an order took of files that follow each other, file by file in the order of their rows; a branch of a delivery.
-- $paths_{{n}} varchar[]; $first_{{n}} and $last_{{n}} bigint: no row of them lies outside; {{columns}}
select {{columns}}
from read_parquet($paths_{{n}}::varchar[], file_row_number = true, hive_partitioning = false)
where file_row_number between $first_{{n}} and $last_{{n}}
  and get_bit(
    getvariable('picked_{{n}}'),
    (file_index::bigint * ($last_{{n}} - $first_{{n}} + 1) + file_row_number - $first_{{n}})::integer
  ) = 1
