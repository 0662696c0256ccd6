-- Keeps which numbers a return took back. {list_id} of those, {order_id}, {return_id}
insert into returned (phone, order_id, return_id)
select phone, {order_id:String}, {return_id:String}
from listed
where list_id = {list_id:String}
