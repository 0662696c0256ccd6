-- Unsold numbers that may not be sold all the same, and the rule that says so: each number once, the first rule that holds.
create or replace temp table blocked (
  phone bigint not null,
  rule varchar not null
);
