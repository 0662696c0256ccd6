-- Which rows of the pool an order takes, staged under its id before it is sold, and kept so that every delivery is the same.
-- Those of an order that is not in `orders` belong to nobody.
create table if not exists picks (
  day Date, -- of the reservation, UTC
  order_id String,
  rank Int64 codec(Delta, ZSTD(1)), -- its place in the order, from 0
  phone Int64 codec(ZSTD(1)),
  provider LowCardinality(String),
  date Date,
  path LowCardinality(String),
  row Int64 codec(ZSTD(1))
)
engine = MergeTree
partition by day
order by (order_id, rank)
settings non_replicated_deduplication_window = 10000
