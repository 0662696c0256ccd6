-- An order's copy in ledger/ without erased persons, in the same order. $copy varchar, $order varchar (JSON), $path varchar
copy (
  select phone, provider, order_id, sold_at, file_no, path, row_number
  from read_parquet($copy, hive_partitioning = false)
  anti join erasing using (phone)
  order by file_no, row_number
) to $path (format parquet, compression zstd, compression_level 1, kv_metadata {numbers_order: $order});
