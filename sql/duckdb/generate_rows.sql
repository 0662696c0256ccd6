-- One row of nothing for each row to generate; its rowid is the row number, and all the rest follows from that.
-- A scan of a table is the one source found that two threads read in order: range(), a materialised CTE and an unnest of
-- ranges stay on one (0.9 s instead of 0.5 s for 2 M rows of six hashes). A boolean is one byte a row, 10 MB for a source
-- file of 6 GB.
-- Parameters: rows, how many.
create or replace temp table generate_row as
select true as present
from range($rows::bigint);
