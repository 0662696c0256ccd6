-- Sales of the numbers that are looked up. {phones} -> phone, order_id or null, customer, state, reserved_at, sold_at
select
  l.phone as phone,
  l.order_id as order_id,
  o.customer as customer,
  o.state as state,
  o.reserved_at as reserved_at,
  l.sold_at as sold_at
from sales l
left join orders o on o.order_id = l.order_id
where l.phone in {phones:Array(Int64)}
order by l.sold_at, l.order_id
