-- Promise 3: no sale is of an order that is not there. -> found
select concat('the ledger has ', toString(count()), ' numbers of an unknown order ', assumeNotNull(order_id)) as found
from ledger
where order_id is not null and assumeNotNull(order_id) not in (select order_id from orders)
group by order_id
order by found
