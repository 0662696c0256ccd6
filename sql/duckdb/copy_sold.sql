-- Sets aside the sales inside the cooldown. $sold_since timestamptz, $cooldown_ms bigint, $target varchar
copy (
  select phone, sold_at, sold_at + to_milliseconds($cooldown_ms::bigint) as until
  from ledger
  where sold_at >= $sold_since::timestamptz
) to $target (format parquet, compression zstd, compression_level 1);
