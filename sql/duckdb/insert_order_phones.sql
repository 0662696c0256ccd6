-- An order's numbers as candidates of another look at the suppression. $order_id varchar
insert into unsold
select phone, 0
from ledger
where order_id = $order_id;
