-- Whose lists there can be: registered customers and those who have a list. -> name varchar, registered boolean
select name, bool_or(registered) as registered
from (
  select name, true as registered
  from customers
  union all
  select distinct customer, false
  from suppression
  where customer is not null
  union all
  select distinct customer, false
  from suppressed_digests
  where customer is not null
)
group by name
order by name;
