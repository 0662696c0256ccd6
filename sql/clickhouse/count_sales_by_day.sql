-- Sales by calendar day, most recent first; those before {since} under no day.
-- Of orders from their own counts, as count_sold has them (promise 3: the ledger has the same). Sales from elsewhere may each
-- have an instant of their own; they are counted by quarters of an hour first, which no offset of a time zone cuts in two.
-- {since}, {time_zone} -> day, provider, synthetic, numbers, elsewhere
with sold as (
  select o.reserved_at as at, f.provider as provider, o.synthetic as synthetic, f.numbers as phones, toInt64(0) as foreign
  from order_files f
  join orders o on o.order_id = f.order_id
  where o.state <> 'cancelled' or o.keeps_cooldown
  union all
  select max(l.sold_at), l.provider, false, toInt64(count()), toInt64(count())
  from ledger l
  where l.order_id is null
  group by l.provider, intDiv(toUnixTimestamp64Milli(l.sold_at), 900000)
)
select
  if(at >= {since:DateTime64(3, 'UTC')}, toDate(at, {time_zone:String}), null) as day,
  provider,
  synthetic,
  sum(phones) as numbers,
  sum(foreign) as elsewhere
from sold
group by day, provider, synthetic
order by day desc, provider, synthetic
