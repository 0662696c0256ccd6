-- What is on the blacklist, by kind and customer. -> kind, customer, numbers bigint, digests bigint, newest timestamptz
-- $kind, $customer varchar or null for all, $at timestamptz, $sold_since timestamptz
with listed as (
  select
    kind,
    lower(customer) as owner,
    any_value(customer) as customer,
    count(*) as numbers,
    0 as digests,
    max(added_at) as newest
  from suppression
  where until is null or until > $at::timestamptz
  group by kind, owner
  union all
  select
    kind,
    lower(customer) as owner,
    any_value(customer),
    0,
    count(*),
    max(added_at)
  from suppressed_digests
  where until is null or until > $at::timestamptz
  group by kind, owner
  union all
  select 'sold', null, null, count(distinct phone), 0, max(sold_at)
  from ledger
  where sold_at >= $sold_since::timestamptz
    and coalesce($kind::varchar, 'sold') = 'sold'
  having count(*) > 0
)
select
  kind,
  any_value(customer) as customer,
  sum(numbers)::bigint as numbers,
  sum(digests)::bigint as digests,
  max(newest) as newest
from listed
where ($kind::varchar is null or kind = $kind)
  and ($customer::varchar is null or owner = lower($customer))
group by kind, owner
order by array_position(['sold', 'dnc', 'invalid', 'customer'], kind), owner;
