-- What orders of a day took from the pool, as the other engine adds it up too: numbers that were erased from an order leave no
-- gap in what it has. {day} of the reservation, UTC -> numbers, sum
select
  count() as numbers,
  toString(sum(reinterpretAsUInt64(substring(MD5(concat(
    order_id, ' ', toString(place), ' ', toString(phone), ' ', provider, ' ', path, ' ', toString(row)
  )), 1, 8)))) as sum
from (
  select *, row_number() over (partition by order_id order by rank) - 1 as place
  from picks
  where day = {day:Date}
    and order_id in (select order_id from orders where pruned_at is null)
)
