-- Registers one published Parquet file of an import that is registered already.
insert into pool_files (
  path,
  import_id,
  provider,
  date,
  imported_at,
  sequence,
  synthetic,
  numbers,
  bytes,
  columns,
  phone_column,
  sum
)
select
  $path,
  import_id,
  $provider,
  date,
  imported_at,
  sequence,
  $synthetic,
  $numbers::bigint,
  $bytes::bigint,
  $columns::varchar[],
  $phone_column,
  $sum
from imports
where import_id = $import_id;
