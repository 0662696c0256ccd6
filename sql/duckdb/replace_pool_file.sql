-- A pool file was written anew. $path, $file varchar, $numbers bigint that were erased from it, $bytes bigint
update pool_files
set
  file = $file,
  numbers = numbers - $numbers::bigint,
  erased = coalesce(erased, 0) + $numbers::bigint,
  bytes = $bytes::bigint
where path = $path;
