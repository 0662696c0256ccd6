-- The pool files of an order, or of a part of it, in the order of its delivery.
-- $ledger varchar, $from bigint and $to bigint: the first and the last of the order's numbers, counted from 0
-- -> file_no integer, path, first bigint, last bigint, numbers bigint
select file_no, path, min(row_number) as first, max(row_number) as last, count(*) as numbers
from read_parquet($ledger, file_row_number = true, hive_partitioning = false)
where file_row_number between $from::bigint and $to::bigint
group by file_no, path
order by file_no;
