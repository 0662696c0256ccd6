-- The same where rows are missing: those of erased persons, which are empty. $rows bigint: with these
copy (
  select
    p.phone,
    case when len(p.cells) > 0 then struct_pack({{cells}}) end as raw_data
  from range($rows::bigint) places(place)
  left join read_parquet($source, hive_partitioning = false) p on p."row" = places.place
  order by places.place
) to $target (format parquet, compression zstd, compression_level 1, row_group_size 30720);
