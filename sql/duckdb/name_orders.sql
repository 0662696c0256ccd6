-- Ids of orders that begin with $typed, newest first, and what they are, for those who complete a command line.
-- $typed varchar, $limit bigint -> value, state, providers varchar[], numbers bigint, customer
select order_id as value, state, providers, numbers, customer
from orders
where starts_with(order_id, $typed)
order by reserved_at desc, rowid desc
limit $limit::bigint;
