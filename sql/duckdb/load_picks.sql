-- The rows that an order took of some files, as a bitmap in the session variable picked_{{n}}: as many bits for each file as
-- deliver_file reads rows of it. A filter by bitmap keeps the order of the rows on any number of threads; a semi join does not
-- (two runs, two orders) and an ORDER BY over the whole payload holds it all in memory.
-- $ledger varchar, $from bigint and $to bigint as in read_picked_files; of the pool files that lie in the files: $file_nos
-- bigint[], $bits bigint[]: where the bit of their row 0 would be; {{last}}: the last bit
set variable picked_{{n}} = (
  select bitstring_agg((c.row_number + p.bit)::integer, 0, {{last}})
  from read_parquet($ledger, file_row_number = true, hive_partitioning = false) c
  join (
    select unnest($file_nos::bigint[]) as file_no, unnest($bits::bigint[]) as bit
  ) p on p.file_no = c.file_no
  where c.file_row_number between $from::bigint and $to::bigint
);
