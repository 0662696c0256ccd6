-- How many numbers an order took from each pool file: what `stats` and `order show` add up without reading the ledger.
create table if not exists order_files (
  order_id String,
  path String,
  provider LowCardinality(String),
  date Date,
  numbers Int64,
  row_version UInt64 default 1,
  gone UInt8 default 0
)
engine = ReplacingMergeTree(row_version, gone)
order by (order_id, path)
