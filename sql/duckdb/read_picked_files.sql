-- The pool files of an order in the order of its delivery. $ledger varchar
-- -> file_no integer, path, first bigint, last bigint, numbers bigint
select file_no, path, min(row_number) as first, max(row_number) as last, count(*) as numbers
from read_parquet($ledger, hive_partitioning = false)
group by file_no, path
order by file_no;
