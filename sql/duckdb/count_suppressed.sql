-- Suppressed phones by the first five digits of the national number, enough to find the provider of each.
select
  substr(phone::varchar, 3, 5) as phone_prefix,
  count(distinct phone) as numbers
from suppression
group by phone_prefix;
