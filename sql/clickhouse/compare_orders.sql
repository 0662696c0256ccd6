-- Promise 3, for a share of all orders: an order has as many distinct numbers in the ledger as it says, or none once they were
-- pruned; they add up by file, and its picks are the same numbers. {slices}, {slice} from 0: those that are not so
-- -> order_id, in_ledger: what should be there; sold, phones, by_file; numbers; picked, places: picks and their distinct ranks;
-- is_sold, is_picked: whether the ledger and the picks are as they should be
with
  s as (
    select
      cast(assumeNotNull(l.order_id), 'String') as order_id,
      count() as sold,
      uniqExact(l.phone) as sold_phones,
      groupBitXor(sipHash64(l.phone)) as sold_sum
    from sales l
    where l.order_id is not null and cityHash64(assumeNotNull(l.order_id)) % {slices:UInt64} = {slice:UInt64}
    group by l.order_id
  ),
  k as (
    select
      order_id,
      count() as picked,
      uniqExact(phone) as picked_phones,
      uniqExact(rank) as places,
      groupBitXor(sipHash64(phone)) as picked_sum
    from picks
    where cityHash64(order_id) % {slices:UInt64} = {slice:UInt64}
    group by order_id
  ),
  f as (
    select order_id, sum(numbers) as by_file
    from order_files
    group by order_id
  ),
  o as (
    select
      order_id,
      numbers,
      pruned_at is not null or (state = 'cancelled' and not keeps_cooldown) as is_free
    from orders
    where cityHash64(order_id) % {slices:UInt64} = {slice:UInt64}
  ),
  e as (
    select
      o.order_id as order_id,
      o.numbers as numbers,
      o.is_free as is_free,
      if(o.is_free, 0, o.numbers) as in_ledger,
      ifNull(s.sold, 0) as sold,
      ifNull(s.sold_phones, 0) as phones,
      ifNull(s.sold_sum, 0) as sold_sum,
      ifNull(f.by_file, 0) as by_file,
      ifNull(k.picked, 0) as picked,
      ifNull(k.picked_phones, 0) as picked_phones,
      ifNull(k.places, 0) as places,
      ifNull(k.picked_sum, 0) as picked_sum
    from o
    left join s on s.order_id = o.order_id
    left join k on k.order_id = o.order_id
    left join f on f.order_id = o.order_id
  ),
  judged as (
    select
      *,
      sold = in_ledger and phones = in_ledger and by_file = numbers as is_sold,
      is_free or (
        picked = numbers and places = numbers and picked_phones = numbers
        and (picked_sum = sold_sum or sold <> numbers)
      ) as is_picked
    from e
  )
select
  order_id,
  in_ledger,
  sold,
  phones,
  by_file,
  numbers,
  picked,
  places,
  cast(is_sold, 'Bool') as is_sold,
  cast(is_picked, 'Bool') as is_picked
from judged
where not is_sold or not is_picked
order by order_id
