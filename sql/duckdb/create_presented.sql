-- The numbers that are presented for return, and what becomes of each: returned, repeated or foreign.
create or replace temp table presented (
  phone bigint not null,
  occurrences bigint not null,
  standing varchar not null
);
