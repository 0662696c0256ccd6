-- In which forms digests are suppressed that concern this customer. {customer}, {at} -> algorithm, form
select distinct algorithm, form
from suppressed_digests
where (until is null or until > {at:DateTime64(3, 'UTC')})
  and (customer = '' or lowerUTF8(customer) = lowerUTF8(ifNull({customer:Nullable(String)}, '')))
order by algorithm, form
