-- -> state, orders bigint
select state, count(*) as orders
from orders
group by state;
