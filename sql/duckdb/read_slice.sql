-- Reads a slice of the pool: each phone once, at the row that is picked first, and how many rows have it.
-- Phones only: the same join carrying the payload of a million rows took five times as long and over 1 GB.
-- {{row}}: the row's place in the order of picking; {{wanted}}: what the rows must be
-- $paths varchar[] in the order of picking, $position bigint of the first of them, $first bigint and $last bigint row numbers,
-- $before bigint: how many rows of the file belong to others that come before
create or replace temp table slice as
select
  phone,
  min((($position::bigint + file) << 32) | {{row}}) as rank,
  count(*)::uinteger as rows
from (
  select phone, raw_data, file_index::bigint as file, file_row_number, file_row_number - $before::bigint as place
  from read_parquet($paths::varchar[], file_row_number = true, hive_partitioning = false)
)
where file_row_number between $first::bigint and $last::bigint
  and phone is not null
  and {{wanted}}
group by phone;
