-- The file in ledger/ of sales from elsewhere: the columns of write_ledger_copy.sql, no order, no row of the pool.
-- {{fresh}}: fresh_sales.sql with $list; $history varchar (what is known of the list, as JSON), $path varchar
copy (
  select
    phone,
    provider,
    null::varchar as order_id,
    sold_at,
    null::integer as file_no,
    null::varchar as path,
    null::bigint as row_number
  from (
    {{fresh}}
  )
  order by phone, sold_at
) to $path (format parquet, compression zstd, compression_level 1, kv_metadata {numbers_history: $history});
