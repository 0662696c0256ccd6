-- Reads a list of digests in one pass into Parquet files by lane: digest, or the reason why a cell is none.
-- A digest is the number that suppressed_digests holds, in two halves: Parquet has no whole number of 128 bits.
-- For how the source is read see stage_rows.sql. {{cell}}: the column of digests
-- $path varchar, $columns struct of column types, $delimiter, $header boolean, $digits integer (32 or 64), $folder
copy (
  with source as (
    select {{cell}} as cell
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
      strict_mode = true
    ) s
  ),
  tidied as (
    select cell, lower(trim(coalesce(cell, ''), ' "''' || chr(9) || chr(160))) as hex
    from source
  ),
  sorted_out as (
    select
      cell,
      hex,
      case
        when regexp_full_match(hex, '[0-9a-f]*') and length(hex) = $digits::integer then 'digest'
        when hex = '' then 'empty'
        when regexp_full_match(hex, '[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128}') then 'other_algorithm'
        else 'no_digest'
      end as lane
    from tidied
  )
  select
    case when lane = 'digest' then md5_number_lower(hex) end as high,
    case when lane = 'digest' then md5_number_upper(hex) end as low,
    case when lane <> 'digest' then cell end as cell,
    lane
  from sorted_out
) to $folder (
  format parquet,
  compression zstd,
  compression_level 1,
  row_group_size 122880,
  partition_by (lane),
  filename_pattern 'rows_{i}',
  return_stats true
);
