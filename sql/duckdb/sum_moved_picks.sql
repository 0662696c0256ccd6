-- What copies in ledger/ hold, as the other engine adds it up too. $copies varchar[] -> numbers bigint, sum varchar
select
  count(*) as numbers,
  (coalesce(sum(md5_number_upper(
    order_id || ' ' || file_row_number || ' ' || phone || ' ' || provider || ' ' || coalesce(path, '') || ' '
      || coalesce(row_number, -1)
  )), 0) % 18446744073709551616::hugeint)::varchar as sum
from read_parquet($copies::varchar[], file_row_number = true, hive_partitioning = false);
