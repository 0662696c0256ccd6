-- The rows of one pool file that an order took, as a bitmap in the session variable picked_{{n}}. A filter by bitmap keeps
-- the order of the rows on any number of threads; a semi join does not (two runs, two orders) and an ORDER BY over the whole
-- payload holds it all in memory.
-- $ledger varchar, $file_no integer, $last bigint
set variable picked_{{n}} = (
  select bitstring_agg(row_number::integer, 0, {{last}})
  from read_parquet($ledger, hive_partitioning = false)
  where file_no = $file_no::integer
);
