-- The register of sources. Names are unique whatever their case.
create table if not exists sources (
  name String,
  basis Nullable(String), -- on what ground the numbers may be used
  contact Nullable(String),
  expires Nullable(Date), -- the last day, in the home's time zone, on which its numbers may be sold
  added_at DateTime64(3, 'UTC'),
  row_version UInt64 default 1,
  gone UInt8 default 0
)
engine = ReplacingMergeTree(row_version, gone)
order by lower(name)
