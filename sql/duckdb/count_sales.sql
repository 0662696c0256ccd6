-- What the ledger holds of an order that was just written, sorted by phone: a phone above that of the row before is another one.
-- Where all are, none is there twice; `count(distinct phone)` says no more and takes eight times as long, and memory.
-- $order_id varchar -> numbers bigint, phones bigint
select count(*) as numbers, count(*) filter (where before is null or before < phone) as phones
from (
  select phone, lag(phone) over () as before
  from ledger
  where order_id = $order_id
);
