-- What the category column of a pool file says of the numbers that are looked up. {{cell}}: that column
-- $file varchar where its rows lie, $first, $last bigint which they are -> phone bigint, category or null
select s.phone, min(nullif(trim({{cell}}), '')) as category
from read_parquet($file, file_row_number = true, hive_partitioning = false) s
semi join wanted using (phone)
where s.file_row_number between $first::bigint and $last::bigint
group by s.phone;
