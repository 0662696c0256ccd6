-- All imports. -> import_id, date, imported_at timestamptz, source, category, list, sequence
select import_id, date::varchar as date, imported_at, source, category, path as list, sequence
from imports;
