-- Promise 1, for a share of all phones: orders that have one in common, the second inside its cooldown after the first.
-- {slices}, {slice} from 0 -> first, second, numbers
-- By the sorted sales of each phone, not by a join of the ledger with itself.
with (
  select max(JSONExtractInt(criteria, 'cooldownMs'))
  from orders
) as longest_ms
select pair.earlier.2 as first, pair.later.2 as second, count() as numbers
from (
  select
    sale as later,
    arrayJoin(
      arrayFilter(
        other -> other < sale and other.2 <> sale.2 and sale.1 - other.1 <= longest_ms,
        sold
      )
    ) as earlier
  from (
    select arraySort(groupArray((toUnixTimestamp64Milli(sold_at), cast(assumeNotNull(order_id), 'String')))) as sold
    from sales
    where order_id is not null and phone % {slices:Int64} = {slice:Int64}
    group by phone
    having count() > 1
  )
  array join sold as sale
) pair
join (
  select order_id, JSONExtractInt(criteria, 'cooldownMs') as cooldown_ms
  from orders
) o on o.order_id = pair.later.2
where pair.later.1 - pair.earlier.1 <= o.cooldown_ms
group by first, second
