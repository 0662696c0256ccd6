-- Reads a source in one pass into Parquet files by lane (lane_of.sql): two for each provider, and one for the rows whose phone
-- cell is settled outside. Everything is text: a number type would eat leading zeros.
-- No ignore_errors: the gate has seen every record, and an error here is a defect that stops the import.
-- Lines end in LF: CRLF around quoted line breaks gave DuckDB 1.5.6 no rows, or one error too many, with every setting.
-- Row groups of 30,720: a tenth less time than 122,880, half the memory, the same size.
-- Buffers of 4 MiB: one of the usual 32 is new memory each time, and a third of all page faults. 1.1 GB took 9.1 s instead of
-- 11.6; a bare copy took 7.6. The longest line that the gate lets through has 1 MB.
-- The columns are side by side here and a struct in the pool: nested-columns.ts says why, and makes it one.
-- {{cell}}: the phone column; {{synthetic}}: whether a row is synthetic; {{columns}}: those that are kept
-- $path varchar, $columns struct of column types, $delimiter, $header boolean, $folder
copy (
  with source as (
    select
      phone_of({{cell}}) as phone,
      {{synthetic}} as synthetic,
      {{columns}}
    from read_csv(
      $path,
      columns = $columns,
      delim = $delimiter,
      new_line = '\n',
      header = $header,
      quote = '"',
      escape = '"',
      auto_detect = false,
      hive_partitioning = false,
      null_padding = false,
      strict_mode = true,
      buffer_size = 4194304
    ) s
  )
  select
    phone,
    {{columns}},
    lane_of(phone, synthetic) as lane
  from source s
) to $folder (
  format parquet,
  compression zstd,
  compression_level 1,
  row_group_size 30720,
  partition_by (lane),
  filename_pattern 'rows_{i}',
  return_stats true
);
