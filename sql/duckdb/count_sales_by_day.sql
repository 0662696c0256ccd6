-- Sales by calendar day, most recent first; those before $since under no day.
-- Of orders from their own counts, as count_sold has them (promise 3: the ledger has the same). Sales from elsewhere may each
-- have an instant of their own; they are counted by quarters of an hour first, which no offset of a time zone cuts in two:
-- to find the day of every sale takes ten times as long.
-- $since timestamptz, $time_zone varchar -> day varchar, provider, synthetic, numbers bigint, elsewhere bigint
with sold as (
  select o.reserved_at as sold_at, f.provider, o.synthetic, f.numbers, 0 as elsewhere
  from order_files f
  join orders o on o.order_id = f.order_id
  where o.state <> 'cancelled' or o.keeps_cooldown
  union all
  select max(sold_at), provider, false, count(*), count(*)
  from ledger
  where order_id is null
  group by provider, epoch_us(sold_at) // 900000000
)
select
  case when sold_at >= $since::timestamptz then (sold_at at time zone $time_zone)::date::varchar end as day,
  provider,
  synthetic,
  sum(numbers)::bigint as numbers,
  sum(elsewhere)::bigint as elsewhere
from sold
group by all
order by day desc, provider, synthetic;
