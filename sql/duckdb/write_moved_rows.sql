-- Rows of a table on their way to the other engine. {{columns}}, {{table}}; $first and $last bigint row ids, $target varchar
copy (
  select {{columns}}
  from {{table}}
  where rowid between $first::bigint and $last::bigint
) to $target (format parquet, compression zstd, compression_level 1);
