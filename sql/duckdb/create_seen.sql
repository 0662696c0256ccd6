-- The phones of the slices before: with one number each, because whatever was looked at is kept until the end.
create or replace temp table seen (
  phone bigint not null
);
