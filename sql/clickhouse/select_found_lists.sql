-- Some imports. {import_ids} -> import_id, date, imported_at, source, category, list
select import_id, date, imported_at, source, category, path as list
from imports
where import_id in {import_ids:Array(String)}
