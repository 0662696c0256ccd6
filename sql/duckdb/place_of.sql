-- Where the prefix of a phone stands in `providers` and `lanes`, counted from 1. {{width}}: of set_providers.sql.
-- Parameters: phone bigint, 62 and 9 to 12 more digits. Result: bigint.
create or replace temp macro place_of(phone) as
  (prefix5_of(phone) - 80000) // {{width}} + 1;
