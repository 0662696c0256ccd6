-- Orders of a customer that were reserved in a span of time and are not delivered. {name}, {from}, {until} -> orders
select count() as orders
from orders
where state = 'reserved'
  and lowerUTF8(customer) = lowerUTF8({name:String})
  and reserved_at >= {from:DateTime64(3, 'UTC')}
  and reserved_at < {until:DateTime64(3, 'UTC')}
