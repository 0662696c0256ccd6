-- In which pool files the numbers that are looked up stand. $paths varchar[] the files that hold them, each once
-- -> phone bigint, path, rows bigint
with found as materialized (
  select w.phone, w.filename as file, w.file_row_number
  from read_parquet($paths::varchar[], filename = true, file_row_number = true, hive_partitioning = false) w
  semi join wanted using (phone)
)
select f.phone, p.path, count(*) as rows
from found f
join pieces p on p.file = f.file and f.file_row_number between p.first and p.last
group by f.phone, p.path
order by f.phone, p.path;
