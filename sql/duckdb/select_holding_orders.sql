-- Orders that can still be delivered, and the partitions before a day that they are delivered from. One that lacks a file
-- already cannot be exported: it holds nothing. $before date -> order_id, state, date, provider
with broken as (
  select distinct t.order_id
  from order_files t
  anti join pool_files f on f.path = t.path
)
select distinct o.order_id, o.state, f.date::varchar as date, f.provider
from order_files t
join pool_files f on f.path = t.path
join orders o on o.order_id = t.order_id
left join broken b on b.order_id = t.order_id
where f.date < $before::date
  and (o.state = 'reserved' or (o.state = 'delivered' and o.pruned_at is null and b.order_id is null))
order by o.order_id, date, f.provider;
