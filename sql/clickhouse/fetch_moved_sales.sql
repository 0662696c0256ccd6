-- Sales of some days, UTC. {from}, {until}: the first and the last -> phone, provider, order_id, sold_at
select phone, provider, order_id, sold_at
from sales
where toDate(sold_at) between {from:Date} and {until:Date}
