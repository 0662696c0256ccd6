-- Which older sales the rules of live orders need. {at}, {since}
-- -> cooldown_ms: the longest of those that still run, max_sales_orders: made since then with --max-sales
select
  maxIf(
    cooldown_ms,
    toUnixTimestamp64Milli(reserved_at) >= toUnixTimestamp64Milli({at:DateTime64(3, 'UTC')}) - cooldown_ms
  ) as cooldown_ms,
  countIf(reserved_at >= {since:DateTime64(3, 'UTC')} and has_most) as max_sales_orders
from (
  select
    reserved_at,
    JSONExtractInt(criteria, 'cooldownMs') as cooldown_ms,
    JSONType(criteria, 'selected', 'maxSales') in ('Int64', 'UInt64', 'Double') as has_most
  from orders
  where state <> 'cancelled' or keeps_cooldown
)
