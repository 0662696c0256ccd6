-- The category cells of some rows. $paths varchar[] of one import, $places varchar[] `file/row` -> place, cell or null
-- {{cell}}: the column of raw_data
with wanted as (
  select
    place,
    split_part(place, '/', 1)::bigint as file,
    split_part(place, '/', 2)::bigint as row_number
  from (select unnest($places::varchar[]) as place)
)
select w.place, nullif(trim({{cell}}), '') as cell
from read_parquet($paths::varchar[], file_row_number = true, hive_partitioning = false) s
join wanted w on w.row_number = s.file_row_number and w.file = s.file_index::bigint;
