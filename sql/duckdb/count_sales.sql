-- What the ledger holds of an order. $order_id varchar -> numbers bigint, phones bigint
select count(*) as numbers, count(distinct phone) as phones
from ledger
where order_id = $order_id;
