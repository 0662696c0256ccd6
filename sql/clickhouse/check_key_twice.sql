-- Promise 6: a key names one order. -> found
select concat('the key of orders ', arrayStringConcat(arraySort(groupArray(order_id)), ', '), ' is the same') as found
from orders
where key is not null
group by key
having count() > 1
order by found
