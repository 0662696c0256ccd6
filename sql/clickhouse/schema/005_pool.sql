-- The rows. Those of a path that is not in `pool_files` belong to nobody: an import that was cut off.
create table if not exists pool (
  date Date,
  provider LowCardinality(String),
  phone Int64 codec(Delta, ZSTD(1)),
  path LowCardinality(String),
  row Int64 codec(T64, ZSTD(1)), -- its place in the file, from 0
  cells Array(Nullable(String)) codec(ZSTD(1)) -- the source's columns, in the order of pool_files.columns
)
engine = MergeTree
partition by date
order by (provider, phone)
settings non_replicated_deduplication_window = 10000
