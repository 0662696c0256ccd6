-- Every pool file, and what is known of its import.
-- -> path, file, first_row bigint, import_id, provider, date, imported_at timestamptz, synthetic, rows bigint, phone_column, category,
-- category_column, source, list (the path of the list)
select
  f.path,
  coalesce(f.file, f.path) as file,
  f.first_row,
  f.import_id,
  f.provider,
  f.date::varchar as date,
  f.imported_at,
  f.synthetic,
  f.numbers + f.erased as rows,
  f.phone_column,
  i.category,
  i.category_column,
  i.source,
  i.path as list
from pool_files f
join imports i on i.import_id = f.import_id
order by f.path;
