-- Sales of some days on their way to the other engine. {{sales}}: as in count_moved_sales.sql; $from, $until: the first and the
-- last day; of a day with too many of them, $part of $parts
copy (
  select phone, provider, order_id, import_id, sold_at
  from ({{sales}})
  where sold_at >= $from::date::timestamp at time zone 'UTC'
    and sold_at < ($until::date + 1)::timestamp at time zone 'UTC'
    and phone % $parts::bigint = $part::bigint
  order by phone
) to $target (format parquet, compression zstd, compression_level 1);
