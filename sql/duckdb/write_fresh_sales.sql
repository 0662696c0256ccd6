-- Sets a list's new sales aside, in order. {{fresh}}: fresh_sales.sql with its parameters; $target varchar
copy (
  {{fresh}}
  order by phone, sold_at
) to $target (format parquet, compression zstd, compression_level 1);
