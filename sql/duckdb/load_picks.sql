-- The rows of one pool file that an order took, as a bitmap in the session variable picked_{{n}}. A filter by bitmap keeps
-- the order of the rows on any number of threads; a semi join does not (two runs, two orders) and an ORDER BY over the whole
-- payload holds it all in memory.
-- $ledger varchar, $file_no integer, $from bigint and $to bigint as in read_picked_files; {{last}}: the last row picked
set variable picked_{{n}} = (
  select bitstring_agg(row_number::integer, 0, {{last}})
  from read_parquet($ledger, file_row_number = true, hive_partitioning = false)
  where file_no = $file_no::integer
    and file_row_number between $from::bigint and $to::bigint
);
