-- Reads a slice of the pool: each phone once, at the row that is picked first, and how many rows have it.
-- Phones only: the same join carrying the payload of a million rows took five times as long and over 1 GB.
-- {{row}}: the row's place in the order of picking; {{wanted}}: what the rows must be
-- $paths varchar[] in the order of picking, $position bigint of the first of them, $first bigint and $last bigint row numbers
create or replace temp table slice as
select
  phone,
  min((($position::bigint + file_index::bigint) << 32) | {{row}}) as rank,
  count(*) as rows
from read_parquet($paths::varchar[], file_row_number = true, hive_partitioning = false)
where file_row_number between $first::bigint and $last::bigint
  and phone is not null
  and {{wanted}}
group by phone;
