-- What became of each odd cell: its phones, or the reason why it has none.
create or replace temp table settled (
  cell varchar,
  phones bigint[],
  reason varchar
);
