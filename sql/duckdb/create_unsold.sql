-- The phones of the current slice that are in no live order inside the cooldown.
create or replace temp table unsold (
  phone bigint not null,
  rank bigint not null
);
