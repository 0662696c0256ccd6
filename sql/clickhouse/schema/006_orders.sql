-- The orders. A change of one is a newer row of the same id.
create table if not exists orders (
  order_id String,
  sequence Int64, -- order of reservation; breaks ties between equal instants
  key Nullable(String),
  state LowCardinality(String), -- reserved, delivered, cancelled
  providers Array(String),
  customer Nullable(String),
  synthetic Bool,
  requested Int64,
  numbers Int64,
  criteria String, -- JSON
  excluded String, -- JSON
  reserved_at DateTime64(3, 'UTC'),
  delivered_at Nullable(DateTime64(3, 'UTC')),
  cancelled_at Nullable(DateTime64(3, 'UTC')),
  disclosed Bool, -- a delivery was begun: somebody may have some of it
  keeps_cooldown Bool, -- of a cancelled order: its numbers stay in the ledger
  output Nullable(String),
  bytes Nullable(Int64),
  sha256 Nullable(String),
  withdrawn Int64 default 0, -- suppressed between reservation and delivery: never delivered
  erased Int64 default 0, -- delivered, and erased since
  price Nullable(Decimal(18, 2)), -- of a thousand numbers, as it was when the order was made
  files Nullable(String), -- JSON, of a split delivery: path, numbers, bytes, sha256 of each
  pruned_at Nullable(DateTime64(3, 'UTC')), -- its sales were dropped with their day: nothing is left to deliver
  row_version UInt64 default 1,
  gone UInt8 default 0
)
engine = ReplacingMergeTree(row_version, gone)
order by order_id
