-- In which forms digests are suppressed that concern this customer. $customer varchar, $at timestamptz -> algorithm, form
select distinct algorithm, form
from suppressed_digests
where (until is null or until > $at::timestamptz)
  and (customer is null or lower(customer) = lower($customer::varchar))
order by algorithm, form;
