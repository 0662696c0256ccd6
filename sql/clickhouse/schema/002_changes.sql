-- The redo log: what a change does is written here, in one row, before it is done. A change that was logged is made, by
-- whoever comes next if need be; one that was not is nothing. Two of the same sequence are a conflict: only the one that was
-- written down first can have been begun.
create table if not exists changes (
  sequence UInt64,
  change_id String,
  host String,
  steps String codec(ZSTD(1)), -- JSON: [{name, parameters}], emptied when they are made
  state LowCardinality(String), -- logged, made, withdrawn
  written_at DateTime64(9, 'UTC') default now64(9),
  row_version UInt64,
  gone UInt8 default 0
)
engine = ReplacingMergeTree(row_version, gone)
order by (sequence, change_id)
