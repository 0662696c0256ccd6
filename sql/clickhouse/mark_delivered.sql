-- {order_id}, {at}, {output}, {bytes}, {sha256}, {parts} JSON or null
-- A later export of a delivered order leaves the first delivery on record.
insert into orders
select * replace (
  'delivered' as state,
  true as disclosed,
  {at:DateTime64(3, 'UTC')} as delivered_at,
  {output:String} as output,
  {bytes:Int64} as bytes,
  {sha256:String} as sha256,
  {parts:Nullable(String)} as files,
  {row_version:UInt64} as row_version
)
from orders o
where o.order_id = {order_id:String} and o.state = 'reserved'
