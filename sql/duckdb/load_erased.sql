-- The rows of one file whose phone goes, as a bitmap. $file varchar; {{rows}}: how many rows the file has
set variable erased = (
  select coalesce(bitstring_agg(row_number::integer, 0, {{rows}} - 1), bitstring('0', {{rows}}))
  from (select distinct row_number from erased_rows where file = $file)
);
