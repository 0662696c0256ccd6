-- What became of each odd cell, by its number in odd_cells: its phones, or the reason why it has none.
-- By number and not by text: text does not come back from JavaScript as it went (a leading byte order mark is lost).
create or replace temp table settled (
  number bigint not null,
  phones bigint[],
  reason varchar
);
