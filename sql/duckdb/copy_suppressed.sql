-- Sets aside what is to be exported, so that the catalog is free again soon. $kind, $customer varchar or null for all,
-- $at timestamptz, $target varchar
copy (
  select phone, kind, customer, reason, added_at, until
  from suppression
  where kind = $kind::varchar
    and ($customer::varchar is null or lower(customer) = lower($customer))
    and (until is null or until > $at::timestamptz)
) to $target (format parquet, compression zstd, compression_level 1);
