-- The numbers that the order takes.
create or replace temp table picks (
  phone bigint not null,
  rank bigint not null
);
