-- Orders made before an instant whose sales have not been dropped. $before timestamptz
-- -> order_id, state, sales bigint in the ledger, reserved_at, delivered_at timestamptz, never_twice boolean: its customer
-- never has a number twice, exportable boolean: a delivered one, and all its pool files are there
with broken as (
  select distinct t.order_id
  from order_files t
  anti join pool_files f on f.path = t.path
)
select
  o.order_id,
  o.state,
  case when o.state = 'cancelled' and not o.keeps_cooldown then 0 else o.numbers end as sales,
  o.reserved_at,
  o.delivered_at,
  coalesce(c.never_twice, false) as never_twice,
  o.state = 'delivered' and b.order_id is null as exportable
from orders o
left join customers c on lower(c.name) = lower(o.customer)
left join broken b on b.order_id = o.order_id
where o.reserved_at < $before::timestamptz
  and o.pruned_at is null
order by o.reserved_at, o.order_id;
