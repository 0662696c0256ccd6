-- Registers a customer. $daily_cap, $monthly_cap, $price: null where there is none
insert into customers (name, daily_cap, monthly_cap, price, never_twice, suspended, added_at)
values (
  $name,
  $daily_cap::bigint,
  $monthly_cap::bigint,
  $price::decimal(18, 2),
  $never_twice,
  $suspended,
  $added_at::timestamptz
);
