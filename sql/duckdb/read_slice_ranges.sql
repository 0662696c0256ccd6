-- Between which numbers the phones of a slice lie: a range for each run of neighbouring prefixes (62811 to 62813) and each
-- length, cut where 260,000 phones of the slice are together: small hash tables are quick, and each range reads some of the
-- ledger twice.
-- First in blocks of a million, of which there are few: as texts, a million phones would take 0.15 s.
-- -> lowest bigint, highest bigint
with block as (
  select phone // 1000000 as block, min(phone) as lowest, max(phone) as highest, count(*) as phones
  from slice
  group by block
),
prefix as (
  select
    len(lowest::varchar) as digits,
    left(lowest::varchar, 5)::integer as prefix,
    min(lowest) as lowest,
    max(highest) as highest,
    sum(phones) as phones
  from block
  group by digits, prefix
),
numbered as (
  select *, prefix - row_number() over (partition by digits order by prefix) as run
  from prefix
),
cut as (
  select *, (sum(phones) over (partition by digits, run order by prefix) - 1)::bigint // 260000 as part
  from numbered
)
select min(lowest) as lowest, max(highest) as highest
from cut
group by digits, run, part
order by lowest;
