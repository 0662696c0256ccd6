-- Where erased persons stand, and in which pool file and list that is; what no pool file has is a list of its own.
-- $paths varchar[]
create or replace temp table erased_rows as
with found as materialized (
  select filename as file, file_row_number as row_number, erasing.erasure_id
  from read_parquet($paths::varchar[], filename = true, file_row_number = true, hive_partitioning = false) s
  join erasing on erasing.phone = s.phone
)
select f.file, f.row_number, f.erasure_id, p.path, coalesce(p.list, f.file) as list
from found f
left join pieces p on p.file = f.file and f.row_number between p.first and p.last;
