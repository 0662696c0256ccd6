-- The persons of `erasing` with their digests, for a database elsewhere. $key varchar: the home's erasure key, $path varchar
copy (
  select erasure_id, phone, md5_number(sha256($key || phone::varchar))::varchar as digest
  from erasing
) to $path (format parquet);
