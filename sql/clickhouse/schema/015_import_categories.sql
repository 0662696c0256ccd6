-- Categories of an import, so that they are counted without reading the pool.
create table if not exists import_categories (
  import_id String,
  category String,
  numbers Int64,
  row_version UInt64 default 1,
  gone UInt8 default 0
)
engine = ReplacingMergeTree(row_version, gone)
order by (import_id, category)
