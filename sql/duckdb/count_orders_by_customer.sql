-- Live orders by customer whatever its case, real and synthetic apart: the $most largest of each, and the others as one sum.
-- $recent_since timestamptz, $most bigint
-- -> name (null: none was told), others bigint, synthetic, orders, numbers, recent_numbers bigint
with sums as (
  select
    min(customer) as name,
    synthetic,
    count(*) as orders,
    sum(numbers) as numbers,
    coalesce(sum(numbers) filter (where reserved_at >= $recent_since::timestamptz), 0) as recent_numbers
  from orders
  where state <> 'cancelled'
  group by lower(customer), synthetic
),
ranked as (
  select *, least(row_number() over (partition by synthetic order by numbers desc, name), $most::bigint + 1) as place
  from sums
)
select
  case when place <= $most::bigint then any_value(name) end as name,
  case when place > $most::bigint then count(*) else 0 end as others,
  synthetic,
  sum(orders)::bigint as orders,
  sum(numbers)::bigint as numbers,
  sum(recent_numbers)::bigint as recent_numbers
from ranked
group by place, synthetic
order by synthetic, place;
