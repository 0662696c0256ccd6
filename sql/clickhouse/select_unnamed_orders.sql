-- Orders that have picks and are not there. -> order_id
select distinct order_id
from picks
where order_id not in (select order_id from orders)
