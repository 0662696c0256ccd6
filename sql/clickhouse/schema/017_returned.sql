-- The numbers that were taken back. A number of an order is credited once.
create table if not exists returned (
  phone Int64,
  order_id String,
  return_id String,
  row_version UInt64 default 1,
  gone UInt8 default 0
)
engine = ReplacingMergeTree(row_version, gone)
order by (order_id, phone)
