-- One row per source file that entered. Rows of the pool count only when their import is here.
create table if not exists imports (
  import_id String,
  sequence Int64, -- order of registration; breaks ties between equal instants
  content_hash String,
  content_bytes Int64,
  file_bytes Int64,
  path String,
  source Nullable(String),
  category Nullable(String), -- of all its rows, or where the column has nothing
  category_column Nullable(String), -- of its columns
  date Date,
  imported_at DateTime64(3, 'UTC'), -- the instant the rows count from
  recorded_at DateTime64(3, 'UTC'), -- the instant they were really recorded
  lines Int64,
  accepted Int64,
  rejected Int64,
  numbers Int64,
  mismatched Int64, -- filed under --provider although their prefix belongs to another
  reasons String, -- JSON
  forced Bool,
  erased Int64 default 0,
  pruned Int64 default 0, -- numbers of it that were dropped with their day
  row_version UInt64 default 1,
  gone UInt8 default 0
)
engine = ReplacingMergeTree(row_version, gone)
order by import_id
