-- The sales of a read list in a range of phones, each phone and instant once, in order. {{sold_at}}: sold_at_of.sql
-- Left out is what cannot be: no date, one before there were such phones, one that is still to come.
-- The provider is the one that the row was filed under.
-- $paths varchar[] and $providers varchar[], the provider of each; $first bigint, $last bigint, $zone varchar, $fallback
-- timestamptz or null, $now timestamptz, $target varchar
copy (
  select phone, any_value(provider) as provider, sold_at
  from (
    select
      phone,
      ($providers::varchar[])[file_index::bigint + 1] as provider,
      {{sold_at}} as sold_at
    from read_parquet($paths::varchar[], hive_partitioning = false) s
    where phone between $first::bigint and $last::bigint
  )
  where sold_at between timestamptz '1990-01-01 00:00:00+00' and $now::timestamptz
  group by phone, sold_at
  order by phone, sold_at
) to $target (format parquet, compression zstd, compression_level 1);
