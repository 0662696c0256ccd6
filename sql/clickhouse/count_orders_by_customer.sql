-- Live orders by customer whatever its case, real and synthetic apart: the {most} largest of each, and the others as one sum.
-- {recent_since}, {most} -> name (null: none was told), others, synthetic, orders, numbers, recent_numbers
with sums as (
  select
    min(o.customer) as spelling,
    o.synthetic as synthetic,
    count() as made,
    sum(o.numbers) as sold,
    sumIf(o.numbers, o.reserved_at >= {recent_since:DateTime64(3, 'UTC')}) as recent
  from orders o
  where o.state <> 'cancelled'
  group by lowerUTF8(o.customer), o.synthetic
),
ranked as (
  select
    *,
    least(toInt64(row_number() over (partition by synthetic order by sold desc, spelling)), {most:Int64} + 1) as place
  from sums
)
select
  if(place <= {most:Int64}, any(spelling), null) as name,
  if(place > {most:Int64}, count(), 0) as others,
  synthetic,
  sum(made) as orders,
  sum(sold) as numbers,
  sum(recent) as recent_numbers
from ranked
group by place, synthetic
order by synthetic, place
