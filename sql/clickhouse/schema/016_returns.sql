-- Lists of numbers that came back, one row each.
create table if not exists returns (
  return_id String,
  order_id String,
  reason LowCardinality(String),
  numbers Int64,
  price Nullable(Decimal(18, 2)), -- of a thousand numbers
  credit Nullable(Decimal(18, 2)),
  returned_at DateTime64(3, 'UTC'),
  row_version UInt64 default 1,
  gone UInt8 default 0
)
engine = ReplacingMergeTree(row_version, gone)
order by return_id
