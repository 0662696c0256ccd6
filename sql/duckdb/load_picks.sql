-- The rows of one file that an order took, as a bitmap in the session variable picked_{{n}}. A filter by bitmap keeps
-- the order of the rows on any number of threads; a semi join does not (two runs, two orders) and an ORDER BY over the whole
-- payload holds it all in memory.
-- $ledger varchar, $from bigint and $to bigint as in read_picked_files; of the pool files that lie in the file: $file_nos
-- bigint[], $first_rows bigint[]; {{last}}: the last row picked
set variable picked_{{n}} = (
  select bitstring_agg((c.row_number + p.first_row)::integer, 0, {{last}})
  from read_parquet($ledger, file_row_number = true, hive_partitioning = false) c
  join (
    select unnest($file_nos::bigint[]) as file_no, unnest($first_rows::bigint[]) as first_row
  ) p on p.file_no = c.file_no
  where c.file_row_number between $from::bigint and $to::bigint
);
