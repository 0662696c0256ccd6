-- Every phone that this order has looked at so far, with the place of its newest row.
-- rank: the file's position from the newest, then the row from the end of the file; the smallest is the newest.
create or replace temp table candidates (
  phone bigint not null,
  slice integer not null,
  rank bigint not null
);
