-- Lists on their way into the catalog: a row is a phone, a digest or a sale. They belong to the id under which they were put
-- here, and go when it is done with; what a crash leaves belongs to nobody, and the next list that comes a day later removes it.
create table if not exists listed (
  list_id String,
  phone Int64 default 0 codec(Delta, ZSTD(1)),
  occurrences Int64 default 1, -- of a list of returns
  high UInt64 default 0, -- of a digest: its halves, as Parquet has them
  low UInt64 default 0,
  digest UInt128 alias bitOr(bitShiftLeft(toUInt128(high), 64), toUInt128(low)),
  provider LowCardinality(String) default '',
  sold_at DateTime64(3, 'UTC') default 0 codec(Delta, ZSTD(1)),
  block Int64 default 0, -- sales that go into the ledger by one statement
  staged_at DateTime default now()
)
engine = ReplacingMergeTree
partition by list_id
order by (list_id, phone, sold_at, high, low)
