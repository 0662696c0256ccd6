-- Orders that can still be delivered, and the partitions before a day that they are delivered from. One that lacks a file
-- already cannot be exported: it holds nothing. {before} -> order_id, state, date, provider
select distinct h.order_id as order_id, h.state as state, h.date as date, h.provider as provider
from (
  select t.order_id as order_id, o.state as state, toString(f.date) as date, f.provider as provider
  from order_files t
  join pool_files f on f.path = t.path
  join orders o on o.order_id = t.order_id
  where f.date < {before:Date}
    and (o.state = 'reserved' or (o.state = 'delivered' and o.pruned_at is null))
) h
where h.state = 'reserved'
   or h.order_id not in (
    select order_id
    from order_files
    where path not in (select path from pool_files)
  )
order by h.order_id, h.date, h.provider
