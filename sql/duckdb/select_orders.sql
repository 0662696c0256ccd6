-- Orders, newest first. $order_id varchar or null for all, $key varchar or null, $limit bigint
select *
from orders
where ($order_id::varchar is null or order_id = $order_id)
  and ($key::varchar is null or key = $key)
order by reserved_at desc, order_id desc
limit $limit::bigint;
