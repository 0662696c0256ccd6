-- Several pool files as one, in their order. {{rows}}: joined_rows.sql for each run of them; $target varchar
copy (
  select phone, raw_data
  from (
    {{rows}}
  )
) to $target (format parquet, compression zstd, compression_level 1, row_group_size 30720);
