-- Registers a reserved order.
insert into orders (
  order_id,
  key,
  state,
  providers,
  customer,
  synthetic,
  requested,
  numbers,
  criteria,
  excluded,
  reserved_at,
  disclosed,
  keeps_cooldown,
  price
)
select
  $order_id,
  $key,
  'reserved',
  $providers::varchar[],
  $customer,
  $synthetic,
  $requested::bigint,
  $numbers::bigint,
  $criteria::json,
  $excluded::json,
  $at::timestamptz,
  false,
  false,
  $price::decimal(18, 2);
