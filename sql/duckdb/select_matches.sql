-- Some of the numbers that count_matches counts, by phone; rows of one phone by their place, so that no page has one twice.
-- $paths varchar[] of some pool files, a file as often as it has any; $firsts and $lasts bigint[] their rows, $first and $last
-- bigint: none lies outside of them; $digits varchar, $is_beginning boolean, $limit bigint, $offset bigint
-- -> phone bigint, piece bigint its place in $paths, row_number bigint
select phone, file_index::bigint as piece, file_row_number as row_number
from read_parquet($paths::varchar[], file_row_number = true, hive_partitioning = false)
where file_row_number between $first::bigint and $last::bigint
  and file_row_number between ($firsts::bigint[])[file_index::bigint + 1] and ($lasts::bigint[])[file_index::bigint + 1]
  and case
    when $is_beginning then starts_with(phone::varchar, $digits)
    else contains(phone::varchar, $digits)
  end
order by phone, file_index, file_row_number
limit $limit::bigint offset $offset::bigint;
