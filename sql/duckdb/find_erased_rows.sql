-- Where erased persons stand. $paths varchar[]
create or replace temp table erased_rows as
select filename as file, file_row_number as row_number, erasing.erasure_id
from read_parquet($paths::varchar[], filename = true, file_row_number = true, hive_partitioning = false) p
join erasing on erasing.phone = p.phone;
