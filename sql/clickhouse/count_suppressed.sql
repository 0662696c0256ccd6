-- Suppressed phones by the first five digits of the national number, enough to find the provider of each.
-- -> phone_prefix, numbers
select substring(toString(phone), 3, 5) as phone_prefix, uniqExact(phone) as numbers
from suppression
group by phone_prefix
