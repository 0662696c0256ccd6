-- The sales of orders, as they are moved.
select phone, provider, order_id, null::varchar as import_id, sold_at
from ledger
where order_id is not null
