-- The rows of some pool files lie in files that were written anew. Of each: $paths, $files varchar[], $first_rows bigint[],
-- $bytes bigint[] its share of the file, $sums varchar[] of the file, $erased bigint[] numbers that were erased from it on the way
update pool_files
set
  file = m.file,
  first_row = m.first_row,
  bytes = m.bytes,
  sum = m.sum,
  numbers = numbers - m.gone,
  erased = coalesce(erased, 0) + m.gone
from (
  select
    unnest($paths::varchar[]) as path,
    unnest($files::varchar[]) as file,
    unnest($first_rows::bigint[]) as first_row,
    unnest($bytes::bigint[]) as bytes,
    unnest($sums::varchar[]) as sum,
    unnest($erased::bigint[]) as gone
) m
where pool_files.path = m.path;
