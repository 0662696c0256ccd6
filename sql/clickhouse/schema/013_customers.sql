-- Customers. Names are unique whatever their case.
create table if not exists customers (
  name String,
  daily_cap Nullable(Int64), -- numbers in a calendar day of the home's time zone; null: no cap
  monthly_cap Nullable(Int64),
  price Nullable(Decimal(18, 2)), -- of a thousand numbers
  never_twice Bool, -- never sell this customer a number that it had before
  suspended Bool,
  added_at DateTime64(3, 'UTC'),
  row_version UInt64 default 1,
  gone UInt8 default 0
)
engine = ReplacingMergeTree(row_version, gone)
order by lower(name)
