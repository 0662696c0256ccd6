-- Promise 6: a key names one order. -> found
select 'the key of orders ' || string_agg(order_id, ', ') || ' is the same' as found
from orders
where key is not null
group by key
having count(*) > 1;
