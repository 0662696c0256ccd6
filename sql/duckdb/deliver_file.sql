-- The rows of one file that an order took, in the order of the file; a branch of deliver_order.
select {{columns}}
from read_parquet($path_{{n}}, file_row_number = true, hive_partitioning = false)
where file_row_number between $first_{{n}} and $last_{{n}}
  and get_bit(getvariable('picked_{{n}}'), file_row_number::integer) = 1
