-- A copy in ledger/ of what the ledger has of an order, without the rows of the pool. The columns of write_ledger_copy.sql.
-- $order_id varchar, $order varchar (JSON), $path varchar
copy (
  select
    phone,
    provider,
    order_id,
    sold_at,
    null::integer as file_no,
    null::varchar as path,
    null::bigint as row_number
  from ledger
  where order_id = $order_id
  order by phone
) to $path (format parquet, compression zstd, compression_level 1, kv_metadata {numbers_order: $order});
