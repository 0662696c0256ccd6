-- Who may not be sold, phones. Taken off a list: a newer row that is `gone`.
create table if not exists suppression (
  phone Int64,
  kind LowCardinality(String), -- dnc, invalid, customer, erased
  customer String default '', -- of kind customer: whose list it is
  reason Nullable(String),
  added_at DateTime64(3, 'UTC'),
  until Nullable(DateTime64(3, 'UTC')), -- null: for ever
  row_version UInt64 default 1,
  gone UInt8 default 0
)
engine = ReplacingMergeTree(row_version, gone)
order by (phone, kind, lower(customer))
