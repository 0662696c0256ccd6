-- Numbers of each pool file that have digits at their beginning or anywhere in them; those without any are left out. A row
-- finds its pool file as in read_shared_slice.sql.
-- $paths varchar[] each file once; of each pool file $files bigint[] its file's place in $paths, $firsts and $lasts bigint[]
-- its rows; $digits varchar, $is_beginning boolean -> piece bigint the pool file's place, numbers bigint
with pieces as (
  select
    unnest($files::bigint[]) as file,
    unnest($firsts::bigint[]) as first,
    unnest($lasts::bigint[]) as last,
    unnest(range(len($files::bigint[]))) as piece
),
blocks as (
  select *, unnest(range(first >> 11, (last >> 11) + 1)) as block
  from pieces
),
matches as (
  select file_index::bigint as file, file_row_number
  from read_parquet($paths::varchar[], file_row_number = true, hive_partitioning = false)
  where case
    when $is_beginning then starts_with(phone::varchar, $digits)
    else contains(phone::varchar, $digits)
  end
)
select b.piece, count(*) as numbers
from matches m
join blocks b on b.file = m.file
  and b.block = m.file_row_number >> 11
  and m.file_row_number between b.first and b.last
group by b.piece
order by b.piece;
