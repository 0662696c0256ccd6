-- Whose lists there can be: registered customers and those who have a list. -> name, registered
select name, max(is_registered) as registered
from (
  select name, true as is_registered
  from customers
  union all
  select distinct customer, false
  from suppression
  where customer <> ''
  union all
  select distinct customer, false
  from suppressed_digests
  where customer <> ''
)
group by name
order by name
