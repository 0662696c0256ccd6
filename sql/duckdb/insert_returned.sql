-- Keeps which numbers a return took back. $return_id varchar, $order_id varchar
insert into returned (phone, order_id, return_id)
select phone, $order_id, $return_id
from presented
where standing = 'returned'
order by phone;
