-- Blocks what this customer had before, however long ago. $customer varchar
insert into blocked
with had as (
  select distinct phone
  from ledger
  semi join (
    select order_id
    from orders
    where lower(customer) = lower($customer::varchar)
  ) using (order_id)
)
select phone, 'had_before'
from unsold
semi join had using (phone)
anti join blocked using (phone);
