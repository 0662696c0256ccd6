-- Sales by calendar day, most recent first; those before $since under no day.
-- Every sale of an order has the order's instant. Sales from elsewhere may each have one of their own, so they are counted by
-- quarters of an hour, which no offset of a time zone cuts in two: to find the day of every sale takes ten times as long.
-- $since timestamptz, $time_zone varchar -> day varchar, provider, synthetic, numbers bigint, elsewhere bigint
with sold as (
  select order_id, provider, max(sold_at) as sold_at, count(*) as numbers, 0 as elsewhere
  from ledger
  where order_id is not null
  group by order_id, provider
  union all
  select null, provider, max(sold_at), count(*), count(*)
  from ledger
  where order_id is null
  group by provider, epoch_us(sold_at) // 900000000
)
select
  case when s.sold_at >= $since::timestamptz then (s.sold_at at time zone $time_zone)::date::varchar end as day,
  s.provider,
  coalesce(o.synthetic, false) as synthetic,
  sum(s.numbers)::bigint as numbers,
  sum(s.elsewhere)::bigint as elsewhere
from sold s
left join orders o on o.order_id = s.order_id
group by all
order by day desc, s.provider, synthetic;
