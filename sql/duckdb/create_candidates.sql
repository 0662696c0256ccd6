-- Every phone that this order has looked at so far, with its place.
-- rank: the file's position in the order of picking, then the row in that order; the smallest is picked first.
create or replace temp table candidates (
  phone bigint not null,
  slice integer not null,
  rank bigint not null
);
