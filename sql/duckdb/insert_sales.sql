-- Marks the picks as sold.
-- $order_id varchar, $at timestamptz
insert into ledger
select p.phone, f.provider, $order_id, $at::timestamptz
from picks p
join picked_files f on f.position = p.rank >> 32
order by p.phone;
