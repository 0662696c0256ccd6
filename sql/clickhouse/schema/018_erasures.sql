-- Persons who were erased. `digest` is keyed: the MD5 of sha256(key || phone) as a number, the key is in the home's erasure.key.
create table if not exists erasures (
  erasure_id String,
  digest UInt128,
  phone Nullable(Int64), -- until its rows are gone from everywhere; then null
  reason String,
  erased_at DateTime64(3, 'UTC'),
  finished_at Nullable(DateTime64(3, 'UTC')),
  row_version UInt64 default 1,
  gone UInt8 default 0
)
engine = ReplacingMergeTree(row_version, gone)
order by (erasure_id, digest)
