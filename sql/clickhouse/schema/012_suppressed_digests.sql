-- Numbers that only their digests are known of. `digest` is the MD5 of the digest's hexadecimal text, in small letters, as a
-- number: 16 bytes whatever the algorithm.
create table if not exists suppressed_digests (
  digest UInt128,
  algorithm LowCardinality(String), -- md5, sha256
  form LowCardinality(String), -- what was hashed: digits, e164, national
  kind LowCardinality(String), -- dnc, invalid, customer
  customer String default '',
  reason Nullable(String),
  added_at DateTime64(3, 'UTC'),
  until Nullable(DateTime64(3, 'UTC')),
  row_version UInt64 default 1,
  gone UInt8 default 0
)
engine = ReplacingMergeTree(row_version, gone)
order by (digest, algorithm, form, kind, lower(customer))
