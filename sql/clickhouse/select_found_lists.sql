-- Some imports. {import_ids} -> import_id, date, imported_at, source, category, list, sequence
select import_id, date, imported_at, source, category, path as list, sequence
from imports
where import_id in {import_ids:Array(String)}
