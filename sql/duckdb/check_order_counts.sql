-- Promise 3: an order has as many distinct numbers in the ledger as it says, or none once they were pruned, and they add up
-- by file. -> found
with sales as (
  select order_id, count(*) as numbers, count(distinct phone) as phones
  from ledger
  where order_id is not null
  group by order_id
),
files as (
  select order_id, sum(numbers) as numbers
  from order_files
  group by order_id
),
expected as (
  select
    order_id,
    case
      when pruned_at is not null or (state = 'cancelled' and not keeps_cooldown) then 0
      else numbers
    end as in_ledger,
    numbers
  from orders
)
select
  'order ' || e.order_id || ' should have ' || e.in_ledger || ' numbers in the ledger; it has '
    || coalesce(s.numbers, 0) || ' of ' || coalesce(s.phones, 0) || ' phones, and '
    || coalesce(f.numbers, 0) || ' by file' as found
from expected e
left join sales s on s.order_id = e.order_id
left join files f on f.order_id = e.order_id
where coalesce(s.numbers, 0) <> e.in_ledger
   or coalesce(s.phones, 0) <> e.in_ledger
   or coalesce(f.numbers, 0) <> e.numbers
union all
select 'the ledger has ' || numbers || ' numbers of an unknown order ' || order_id
from sales
where order_id not in (select order_id from orders);
