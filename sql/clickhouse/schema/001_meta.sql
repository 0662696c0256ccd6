-- What a home knows of itself: `version` of the schema, the head of the audit log, whose host it is.
-- Tables of the catalog replace a row by a newer one of the same key: `row_version` says which is the newest, `gone` that it
-- was taken away. Every statement reads them with the setting `final`, and so sees only the newest.
create table if not exists meta (
  key String,
  value String,
  row_version UInt64 default 1,
  gone UInt8 default 0
)
engine = ReplacingMergeTree(row_version, gone)
order by key
