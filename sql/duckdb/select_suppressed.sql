-- The newest suppressed phones. $kind, $customer varchar or null for all, $at timestamptz, $limit bigint
-- -> phone bigint, kind, customer, reason, added_at timestamptz, until timestamptz
select phone, kind, customer, reason, added_at, until
from suppression
where (until is null or until > $at::timestamptz)
  and ($kind::varchar is null or kind = $kind)
  and ($customer::varchar is null or lower(customer) = lower($customer))
order by added_at desc, phone
limit $limit::bigint;
