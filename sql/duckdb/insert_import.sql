-- Registers a source file; the sequence orders imports of one instant.
insert into imports
select
  $import_id,
  coalesce((select max(sequence) from imports), 0) + 1,
  $content_hash,
  $content_bytes::bigint,
  $file_bytes::bigint,
  $path,
  $source,
  $category,
  $category_column,
  $date::date,
  $imported_at::timestamptz,
  $recorded_at::timestamptz,
  $lines::bigint,
  $accepted::bigint,
  $rejected::bigint,
  $numbers::bigint,
  $mismatched::bigint,
  $reasons::json,
  $forced;
