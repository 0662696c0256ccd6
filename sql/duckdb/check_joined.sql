-- What must be the same before and after: every row, and where it stands. {{rows}}: joined_rows.sql for each run
-- -> rows bigint, numbers bigint, kept varchar
select
  count(*) as rows,
  count(phone) as numbers,
  bit_xor(hash(place, phone, raw_data))::varchar as kept
from (
  {{rows}}
);
