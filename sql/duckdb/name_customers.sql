-- Customers whose name begins with $typed, whatever its case: those of the register, or while nobody is registered those
-- of orders. $typed varchar, $limit bigint -> value, suspended boolean
with known as (
  select name, suspended
  from customers
  union all
  select min(customer), false
  from orders
  where customer is not null
    and not exists (from customers)
  group by lower(customer)
)
select name as value, suspended
from known
where starts_with(lower(name), lower($typed))
order by lower(name)
limit $limit::bigint;
