-- The odd rows whose cell was settled, a row for each phone, by lane as in stage_rows.
-- {{cell}}: the phone column; {{synthetic}}: whether a row is synthetic; {{row}}: the columns as they are kept
-- $paths varchar[] odd lane, $folder varchar
copy (
  with found as (
    select
      unnest(settled.phones) as phone,
      {{synthetic}} as synthetic,
      {{row}} as raw_data
    from read_parquet($paths::varchar[], hive_partitioning = false) s
    join odd_cells on odd_cells.cell is not distinct from {{cell}}
    join settled on settled.number = odd_cells.number
    where settled.reason is null
  )
  select
    phone,
    raw_data,
    lane_of(phone, synthetic) as lane
  from found
) to $folder (
  format parquet,
  compression zstd,
  compression_level 1,
  row_group_size 30720,
  partition_by (lane),
  filename_pattern 'settled_{i}',
  return_stats true
);
