-- Some of the numbers that count_matches counts, by phone; rows of one phone by their place, so that no page has one twice.
-- $paths varchar[], $digits varchar, $is_beginning boolean, $limit bigint, $offset bigint
-- -> phone bigint, file bigint its place in $paths, row_number bigint
select phone, file_index::bigint as file, file_row_number as row_number
from read_parquet($paths::varchar[], file_row_number = true, hive_partitioning = false)
where case
  when $is_beginning then starts_with(phone::varchar, $digits)
  else contains(phone::varchar, $digits)
end
order by phone, file_index, file_row_number
limit $limit::bigint offset $offset::bigint;
