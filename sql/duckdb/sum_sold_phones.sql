-- What was sold, by an order's copy or by a part of it: to be compared with sum_picked_phones.
-- $ledger varchar, $from bigint and $to bigint as in read_picked_files -> numbers bigint, fingerprint of the phones as text
select count(phone) as numbers, bit_xor(hash(phone))::varchar as fingerprint
from read_parquet($ledger, file_row_number = true, hive_partitioning = false)
where file_row_number between $from::bigint and $to::bigint;
