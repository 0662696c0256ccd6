-- Registers a reserved order.
insert into orders
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
  null,
  null,
  false,
  false,
  null,
  null,
  null;
