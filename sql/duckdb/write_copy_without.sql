-- A file in ledger/ without some numbers, in the same order. $copy varchar, $path varchar, {{leaving}}: a table of them,
-- {{key}}: what its footer says, numbers_order or numbers_history, $record varchar (JSON)
copy (
  select phone, provider, order_id, sold_at, file_no, path, row_number
  from read_parquet($copy, hive_partitioning = false)
  anti join {{leaving}} using (phone)
  order by file_no, row_number, sold_at, phone
) to $path (format parquet, compression zstd, compression_level 1, kv_metadata {{{key}}: $record});
