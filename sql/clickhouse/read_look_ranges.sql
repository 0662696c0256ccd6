-- Between which numbers the candidates of a look lie: a range for each run of neighbouring prefixes (62811 to 62813) and each length.
-- First in blocks of a million, of which there are few. {look_id} -> lowest, highest
with
  block as (
    select min(phone) as first_phone, max(phone) as last_phone
    from candidates
    where look_id = {look_id:String}
    group by intDiv(phone, 1000000)
  ),
  prefix as (
    select
      length(toString(first_phone)) as digits,
      toInt64(left(toString(first_phone), 5)) as prefix,
      min(first_phone) as least,
      max(last_phone) as most
    from block
    group by digits, prefix
  ),
  numbered as (
    select
      digits,
      least,
      most,
      prefix - toInt64(row_number() over (partition by digits order by prefix)) as run
    from prefix
  )
select min(least) as lowest, max(most) as highest
from numbered
group by digits, run
order by lowest
