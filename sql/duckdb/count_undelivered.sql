-- Orders of a customer that were reserved in a span of time and are not delivered. $name varchar, $from, $until timestamptz
select count(*) as orders
from orders
where state = 'reserved'
  and lower(customer) = lower($name)
  and reserved_at >= $from::timestamptz
  and reserved_at < $until::timestamptz;
