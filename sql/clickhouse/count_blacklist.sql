-- What is on the blacklist, by kind and customer. -> kind, customer, numbers, digests, newest
-- {kind}, {customer} or null for all, {at}, {sold_since}
with listed as (
  select
    kind,
    nullIf(lowerUTF8(customer), '') as owner,
    any(nullIf(customer, '')) as spelling,
    toInt64(count()) as phones,
    toInt64(0) as hashes,
    max(added_at) as last
  from suppression
  where until is null or until > {at:DateTime64(3, 'UTC')}
  group by kind, owner
  union all
  select
    kind,
    nullIf(lowerUTF8(customer), '') as owner,
    any(nullIf(customer, '')),
    toInt64(0),
    toInt64(count()),
    max(added_at)
  from suppressed_digests
  where until is null or until > {at:DateTime64(3, 'UTC')}
  group by kind, owner
  union all
  select 'sold', null, null, toInt64(uniqExact(phone)), toInt64(0), max(sold_at)
  from sales
  where sold_at >= {sold_since:DateTime64(3, 'UTC')}
    and coalesce({kind:Nullable(String)}, 'sold') = 'sold'
  having count() > 0
)
select
  kind,
  any(spelling) as customer,
  sum(phones) as numbers,
  sum(hashes) as digests,
  max(last) as newest
from listed
where ({kind:Nullable(String)} is null or kind = {kind:Nullable(String)})
  and ({customer:Nullable(String)} is null or owner = lowerUTF8({customer:Nullable(String)}))
group by kind, owner
order by nullIf(indexOf(['sold', 'dnc', 'invalid', 'customer'], kind), 0), owner
