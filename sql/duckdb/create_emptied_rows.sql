-- The rows whose cells go.
create or replace temp table emptied_rows (
  file varchar not null,
  row_number bigint not null
);
