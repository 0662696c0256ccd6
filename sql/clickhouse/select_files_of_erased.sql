-- What the catalog counts of some pool files. {paths}
-- -> path, import_id, numbers, erased: of the file; import_numbers, import_erased: of all of its import
select
  f.path as path,
  f.import_id as import_id,
  f.numbers as numbers,
  f.erased as erased,
  i.numbers as import_numbers,
  i.erased as import_erased
from pool_files f
join imports i on i.import_id = f.import_id
where f.path in ({paths:Array(String)})
order by f.path
