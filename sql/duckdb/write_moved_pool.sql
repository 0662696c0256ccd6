-- A pool file from rows of the other engine, which are in their order. {{cells}}: the columns; $source, $target varchar
copy (
  select
    phone,
    case when len(cells) > 0 then struct_pack({{cells}}) end as raw_data
  from read_parquet($source, hive_partitioning = false)
) to $target (format parquet, compression zstd, compression_level 1, row_group_size 30720);
