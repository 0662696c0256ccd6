-- What an import brought for one provider: a group of rows of the pool, under the name that its file has in an embedded home.
create table if not exists pool_files (
  path String, -- date=YYYY-MM-DD/provider=CODE/<import>-<n>.parquet
  import_id String,
  provider LowCardinality(String),
  date Date,
  imported_at DateTime64(3, 'UTC'),
  sequence Int64,
  synthetic Bool,
  numbers Int64,
  bytes Int64, -- of the Parquet file that was sent
  columns Array(String), -- of the cells, in the source's order
  phone_column String, -- the one of them that held the phone
  erased Int64 default 0, -- rows that were erased since
  sum String,
  row_version UInt64 default 1,
  gone UInt8 default 0
)
engine = ReplacingMergeTree(row_version, gone)
order by path
