-- Nothing is left of them to deliver. {order_ids}, {at}
insert into orders
select * replace ({at:DateTime64(3, 'UTC')} as pruned_at, {row_version:UInt64} as row_version)
from orders o
where o.order_id in ({order_ids:Array(String)}) and o.pruned_at is null
