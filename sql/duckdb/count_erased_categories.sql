-- Erased persons of one list by category. {{category}}: the category of a row; $hit varchar[], $list varchar, $default_category
-- -> category or null, numbers bigint
select {{category}} as category, count(*) as numbers
from read_parquet($hit::varchar[], filename = true, file_row_number = true, hive_partitioning = false) s
join erased_rows e on e.file = s.filename and e.row_number = s.file_row_number and e.list = $list
group by all;
