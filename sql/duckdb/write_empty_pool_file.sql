-- A pool file without rows, so that the view over the pool can be bound in an empty home.
-- $path varchar
copy (
  select 0::bigint as phone, {'_': ''} as raw_data
  where false
) to $path (format parquet);
