-- The file that was written for an entry of the pool. $path, $bytes bigint, $sum
update pool_files
set
  bytes = $bytes::bigint,
  sum = $sum
where path = $path;
