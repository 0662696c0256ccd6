-- The files of the pool, newest import first, with what is known of all their rows.
-- -> file where its rows lie, first_row bigint, rows bigint, provider, date varchar, import_id, category, category_column, source
select
  coalesce(f.file, f.path) as file,
  f.first_row,
  f.numbers + f.erased as rows,
  f.provider,
  f.date::varchar as date,
  f.import_id,
  i.category,
  i.category_column,
  i.source
from pool_files f
join imports i on i.import_id = f.import_id
order by f.imported_at desc, f.sequence desc, f.path;
