-- The rows of one file whose cells go, as a bitmap. $file varchar; {{rows}}: how many rows the file has
set variable emptied = (
  select coalesce(bitstring_agg(row_number::integer, 0, {{rows}} - 1), bitstring('0', {{rows}}))
  from emptied_rows
  where file = $file
);
