-- The redo log: what a change does is written here, in one row, before it is done. A change that was logged is made, by
-- whoever comes next if need be; one that was not is nothing. Two of the same sequence are a conflict: the smaller id wins.
create table if not exists changes (
  sequence UInt64,
  change_id String,
  host String,
  steps String codec(ZSTD(1)), -- JSON: [{name, parameters}], emptied when they are made
  state LowCardinality(String), -- logged, made, withdrawn
  row_version UInt64,
  gone UInt8 default 0
)
engine = ReplacingMergeTree(row_version, gone)
order by (sequence, change_id)
