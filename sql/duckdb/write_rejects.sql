-- The rows whose phone cell was rejected, with the reason before the source's own columns; no header, the caller has it.
-- Then a record without cells for each clear row of an erased person.
-- {{columns}}: the cells; {{blank}}: an empty cell for each column; $paths varchar[] odd lane, $erased bigint, $target varchar
copy (
  select settled.reason, {{columns}}
  from read_parquet($paths::varchar[], hive_partitioning = false) s
  join odd_cells on odd_cells.cell is not distinct from {{cell}}
  join settled on settled.number = odd_cells.number
  where settled.reason is not null
  union all
  select 'erased', {{blank}}
  from range($erased::bigint)
) to $target (format csv, header false, delimiter ',', quote '"', escape '"', nullstr '');
