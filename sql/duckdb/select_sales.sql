-- Sales of the numbers that are looked up. -> phone bigint, order_id or null, customer, state, reserved_at, sold_at timestamptz
select l.phone, l.order_id, o.customer, o.state, o.reserved_at, l.sold_at
from ledger l
semi join wanted using (phone)
left join orders o on o.order_id = l.order_id
order by l.sold_at, l.order_id;
