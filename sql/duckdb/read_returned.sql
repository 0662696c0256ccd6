-- How much of an order was delivered, what came back of it and what was credited: null without a price.
-- $order_id varchar -> numbers bigint, returned bigint, credit varchar
select
  o.numbers + coalesce(o.erased, 0) as numbers,
  coalesce(sum(r.numbers), 0)::bigint as returned,
  case when o.price is not null then coalesce(sum(r.credit), 0)::decimal(18, 2)::varchar end as credit
from orders o
left join returns r on r.order_id = o.order_id
where o.order_id = $order_id
group by o.order_id, o.numbers, o.erased, o.price;
