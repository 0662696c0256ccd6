-- What was done, by whom, when: append-only, each entry with the hash of the one before. No phone number stands in it.
create table if not exists audit (
  sequence Int64,
  done_at DateTime64(3, 'UTC'),
  actor String,
  action LowCardinality(String), -- such as order.reserve
  subject String, -- the id or name that it was done to
  details String, -- JSON
  previous String,
  hash String,
  row_version UInt64 default 1,
  gone UInt8 default 0
)
engine = ReplacingMergeTree(row_version, gone)
order by (sequence, hash)
