-- Orders, newest first (of one instant, the one made last); what is null is not asked for.
-- $order_id, $key, $state, $customer, $provider varchar, $since timestamptz, $limit bigint
select * replace (price::varchar as price)
from orders
where ($order_id::varchar is null or order_id = $order_id)
  and ($key::varchar is null or key = $key)
  and ($state::varchar is null or state = $state)
  and ($customer::varchar is null or lower(customer) = lower($customer))
  and ($provider::varchar is null or list_contains(providers, $provider))
  and ($since::timestamptz is null or reserved_at >= $since)
order by reserved_at desc, rowid desc
limit $limit::bigint;
