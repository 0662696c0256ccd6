-- Orders made before an instant whose sales have not been dropped. {before}
-- -> order_id, state, sales: in the ledger, reserved_at, delivered_at, never_twice: its customer never has a number twice,
-- exportable: a delivered one, and all its pool files are there
select
  o.order_id as order_id,
  o.state as state,
  if(o.state = 'cancelled' and not o.keeps_cooldown, 0, o.numbers) as sales,
  o.reserved_at as reserved_at,
  o.delivered_at as delivered_at,
  ifNull(c.never_twice, false) as never_twice,
  cast(
    o.state = 'delivered'
    and o.order_id not in (
      select order_id
      from order_files
      where path not in (select path from pool_files)
    ),
    'Bool'
  ) as exportable
from orders o
left join customers c on lowerUTF8(c.name) = lowerUTF8(o.customer)
where o.reserved_at < {before:DateTime64(3, 'UTC')}
  and o.pruned_at is null
order by o.reserved_at, o.order_id
