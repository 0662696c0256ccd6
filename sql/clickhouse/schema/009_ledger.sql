-- Every sale. No time to live: `never twice` and `--max-sales` need old sales, and a row that went by itself would be a number
-- that is sold again without a word. `prune` drops whole days and says so.
create table if not exists ledger (
  phone Int64 codec(Delta, ZSTD(1)),
  provider LowCardinality(String),
  order_id LowCardinality(Nullable(String)), -- null: history of another system
  import_id LowCardinality(Nullable(String)), -- of a history: the list that brought it
  sold_at DateTime64(3, 'UTC') codec(Delta, ZSTD(1))
)
engine = MergeTree
partition by toDate(sold_at)
order by phone
settings non_replicated_deduplication_window = 10000
