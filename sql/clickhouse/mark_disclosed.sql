-- From now on numbers of this order may be in somebody else's hands. {order_id}
insert into orders
select * replace (true as disclosed, {row_version:UInt64} as row_version)
from orders
where order_id = {order_id:String}
