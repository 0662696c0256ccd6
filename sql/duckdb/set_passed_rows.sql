-- The rows of a pool file that orders took, as a bitmap in the session variable passed_{{n}}: a bit for each row of the file.
-- $copies varchar[], $path varchar: as in count_passed_rows.sql; {{last}}: the file's last row
set variable passed_{{n}} = (
  select bitstring_agg(row_number::integer, 0, {{last}})
  from read_parquet($copies::varchar[], hive_partitioning = false)
  where path = $path
    and row_number <= {{last}}
);
