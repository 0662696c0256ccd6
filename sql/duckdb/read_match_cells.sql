-- The category cells of some rows. $paths varchar[] as in select_matches, $places varchar[] `piece/row` of one import
-- {{cell}}: the column of raw_data -> place, cell or null
with wanted as (
  select
    place,
    split_part(place, '/', 1)::bigint as piece,
    split_part(place, '/', 2)::bigint as row_number
  from (select unnest($places::varchar[]) as place)
)
select w.place, nullif(trim({{cell}}), '') as cell
from read_parquet($paths::varchar[], file_row_number = true, hive_partitioning = false) s
join wanted w on w.row_number = s.file_row_number and w.piece = s.file_index::bigint
where s.file_row_number between $first::bigint and $last::bigint;
