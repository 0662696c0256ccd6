-- The rows whose phone cell was rejected, with the reason before the source's own columns; no header, the caller has it.
-- $paths varchar[] odd lane, $target varchar
copy (
  select settled.reason, {{columns}}
  from read_parquet($paths::varchar[], hive_partitioning = false) s
  join odd_cells on odd_cells.cell is not distinct from {{cell}}
  join settled on settled.number = odd_cells.number
  where settled.reason is not null
) to $target (format csv, header false, delimiter ',', quote '"', escape '"', nullstr '');
