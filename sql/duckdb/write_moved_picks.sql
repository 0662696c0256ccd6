-- Which rows of the pool orders took, by their copies in ledger/, on the way to the other engine. Of a copy that was written anew
-- by a repair the rows are not known: no file, and row -1. $copies varchar[], $first and $last bigint row numbers, $target
copy (
  select
    (sold_at at time zone 'UTC')::date as day,
    order_id,
    file_row_number as rank,
    phone,
    provider,
    coalesce(regexp_extract(path, '^pool/date=([0-9-]+)/', 1)::date, date '1970-01-01') as date,
    coalesce(path, '') as path,
    coalesce(row_number, -1) as row
  from read_parquet($copies::varchar[], file_row_number = true, hive_partitioning = false)
  where file_row_number between $first::bigint and $last::bigint
) to $target (format parquet, compression zstd, compression_level 1);
