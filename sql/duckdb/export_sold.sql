-- Writes what copy_sold.sql set aside as CSV, in its order, instants in UTC. $source varchar, $target varchar
copy (
  select
    phone,
    strftime(sold_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') as sold_at,
    strftime(until at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') as until
  from read_parquet($source, hive_partitioning = false)
) to $target (format csv, header true, delimiter ',', quote '"', escape '"', nullstr '', compression {{compression}});
