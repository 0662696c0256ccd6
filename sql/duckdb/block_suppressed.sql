-- Blocks what is suppressed. The list is the larger side: what is built is the hash table of the unsold numbers.
-- $customer varchar, $at timestamptz
insert into blocked
select
  phone,
  arg_min(kind, case kind when 'dnc' then 1 when 'invalid' then 2 else 3 end)
from suppression
semi join unsold using (phone)
where (until is null or until > $at::timestamptz)
  and (customer is null or lower(customer) = lower($customer::varchar))
group by phone;
