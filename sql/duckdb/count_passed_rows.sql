-- How many rows of a pool file each copy holds, by blocks of $block_rows bigint rows of the file.
-- $copies varchar[] of orders, in ledger/; $path varchar of the pool file; $rows bigint that it has
-- -> copy varchar, block integer, numbers bigint
select filename as copy, (row_number // $block_rows::bigint)::integer as block, count(*) as numbers
from read_parquet($copies::varchar[], filename = true, hive_partitioning = false)
where path = $path
  and row_number < $rows::bigint
group by all;
