-- -> state, orders
select state, count() as orders
from orders
group by state
