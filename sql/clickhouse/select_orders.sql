-- Orders, newest first (of one instant, the one made last); what is null is not asked for.
-- {order_id}, {key}, {state}, {customer}, {provider}, {since}, {limit} -> the columns of orders
select * replace (toDecimalString(o.price, 2) as price)
from orders o
where ({order_id:Nullable(String)} is null or o.order_id = {order_id:Nullable(String)})
  and ({key:Nullable(String)} is null or o.key = {key:Nullable(String)})
  and ({state:Nullable(String)} is null or o.state = {state:Nullable(String)})
  and ({customer:Nullable(String)} is null or lowerUTF8(o.customer) = lowerUTF8({customer:Nullable(String)}))
  and ({provider:Nullable(String)} is null or has(o.providers, coalesce({provider:Nullable(String)}, '')))
  and (
    {since:Nullable(DateTime64(3, 'UTC'))} is null
    or o.reserved_at >= {since:Nullable(DateTime64(3, 'UTC'))}
  )
order by o.reserved_at desc, o.sequence desc
limit {limit:UInt64}
