-- What must be the same before and after: the rows that were left alone, and where they stand. $file varchar
-- -> rows bigint, numbers bigint, kept varchar
select
  count(*) as rows,
  count(phone) as numbers,
  (bit_xor(hash(file_row_number, phone, raw_data)) filter (where get_bit(getvariable('emptied'), file_row_number::integer) = 0))::varchar as kept
from read_parquet($file, file_row_number = true, hive_partitioning = false);
