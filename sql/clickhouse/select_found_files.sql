-- Some pool files. {paths}, {imported_since}, {day} in the home's time zone
-- -> path, date, synthetic, is_candidate: an order may take from it now
select
  f.path as path,
  f.date as date,
  f.synthetic as synthetic,
  toBool(f.imported_at >= {imported_since:DateTime64(3, 'UTC')} and e.import_id is null) as is_candidate
from pool_files f
left join (
  select distinct i.import_id as import_id
  from imports i
  join sources s on lowerUTF8(s.name) = lowerUTF8(i.source)
  where s.expires < {day:Date}
) e on e.import_id = f.import_id
where f.path in {paths:Array(String)}
