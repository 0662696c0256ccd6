-- Reads a slice of the pool: each phone once, at its newest row, and none that a newer slice had.
-- Phones only: the same join carrying the payload of a million rows took five times as long and over 1 GB.
-- $paths varchar[] newest first, $position bigint of the first of them, $first bigint and $last bigint row numbers, $slice integer
insert into candidates
with slice as (
  select
    phone,
    min((($position::bigint + file_index::bigint) << 32) | (4294967295 - file_row_number)) as rank
  from read_parquet($paths::varchar[], file_row_number = true, hive_partitioning = false)
  where file_row_number between $first::bigint and $last::bigint
  group by phone
)
select phone, $slice::integer, rank
from slice
anti join candidates using (phone);
