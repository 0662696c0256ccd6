-- -> state, orders bigint, first timestamptz: when the oldest of them was reserved
select state, count(*) as orders, min(reserved_at) as first
from orders
group by state;
