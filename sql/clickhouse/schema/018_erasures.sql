-- Persons who were erased. `digest` is keyed: the MD5 of sha256(key || phone) as a number, the key is in the home's erasure.key.
-- Whose rows are not gone from everywhere yet stands in `erasing` too, with the phone.
create table if not exists erasures (
  erasure_id String,
  digest UInt128,
  reason String,
  erased_at DateTime64(3, 'UTC'),
  finished_at Nullable(DateTime64(3, 'UTC')),
  row_version UInt64 default 1,
  gone UInt8 default 0
)
engine = ReplacingMergeTree(row_version, gone)
order by (erasure_id, digest)
