-- What may be sold of the whole window: a draw needs all of it.
create or replace temp table free (
  phone bigint not null,
  rank bigint not null
);
