-- $order_id varchar, $at timestamptz, $output varchar, $bytes bigint, $sha256 varchar, $parts json or null
-- A later export of a delivered order leaves the first delivery on record.
update orders
set
  state = 'delivered',
  disclosed = true,
  delivered_at = $at::timestamptz,
  output = $output,
  bytes = $bytes::bigint,
  sha256 = $sha256,
  files = $parts::json
where order_id = $order_id and state = 'reserved';
