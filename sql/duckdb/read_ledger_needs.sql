-- Which older sales the rules of live orders need. $at timestamptz, $since timestamptz
-- -> cooldown_ms bigint: the longest of those that still run, max_sales_orders bigint: made since then with --max-sales
with live as (
  select reserved_at, criteria, (criteria->>'$.cooldownMs')::bigint as cooldown_ms
  from orders
  where state <> 'cancelled' or keeps_cooldown
)
select
  coalesce(max(cooldown_ms) filter (where reserved_at >= $at::timestamptz - to_milliseconds(cooldown_ms)), 0) as cooldown_ms,
  count(*) filter (where reserved_at >= $since::timestamptz and (criteria->>'$.selected.maxSales') is not null) as max_sales_orders
from live;
