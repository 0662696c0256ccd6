-- The file in ledger/ of sales from elsewhere: the columns of write_ledger_copy.sql, no order, no row of the pool.
-- $paths varchar[] of write_fresh_sales.sql, $history varchar (what is known of the list, as JSON), $path varchar
copy (
  select
    phone,
    provider,
    null::varchar as order_id,
    sold_at,
    null::integer as file_no,
    null::varchar as path,
    null::bigint as row_number
  from read_parquet($paths::varchar[], hive_partitioning = false)
) to $path (format parquet, compression zstd, compression_level 1, kv_metadata {numbers_history: $history});
