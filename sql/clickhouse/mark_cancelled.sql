-- {order_id}, {keeps_cooldown}, {at}. Its sales stay where they are: the view `sales` leaves them out.
insert into orders
select * replace (
  'cancelled' as state,
  {keeps_cooldown:Bool} as keeps_cooldown,
  {at:DateTime64(3, 'UTC')} as cancelled_at,
  {row_version:UInt64} as row_version
)
from orders o
where o.order_id = {order_id:String} and o.state in ('reserved', 'delivered')
