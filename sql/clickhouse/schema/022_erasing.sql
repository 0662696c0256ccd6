-- The phones of persons whose rows are being removed, until they are gone. Statements mean them by this table and never name
-- one: what a change or a mutation was told is kept, in `changes` and by the server. Rows without an unfinished erasure count
-- for nothing.
create table if not exists erasing (
  erasure_id String,
  phone Int64,
  digest String, -- as in erasures, in decimal digits
  counted Bool default false, -- its rows of the pool are taken out of all counts: they may go
  row_version UInt64 default 1,
  gone UInt8 default 0
)
engine = ReplacingMergeTree(row_version, gone)
order by erasure_id
