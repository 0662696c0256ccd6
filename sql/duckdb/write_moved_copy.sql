-- An order's own file in ledger/ (write_ledger_copy.sql) from what the other engine knows of it. Rows of one pool file that
-- follow each other, upwards, are one stretch of the delivery. Of an order whose rows are not known there is no file.
-- $source varchar: ordered by order and rank, $order_id, $at timestamptz, $order varchar (the order as JSON), $path varchar
copy (
  select
    phone,
    provider,
    order_id,
    $at::timestamptz as sold_at,
    case when path <> '' then (sum(begins) over (order by rank) - 1)::integer end as file_no,
    nullif(path, '') as path,
    case when path <> '' then "row" end as row_number
  from (
    select
      *,
      case
        when lag(path) over (order by rank) = path and lag("row") over (order by rank) < "row" then 0
        else 1
      end as begins
    from read_parquet($source, hive_partitioning = false)
    where order_id = $order_id
  )
  order by rank
) to $path (format parquet, compression zstd, compression_level 1, kv_metadata {numbers_order: $order});
