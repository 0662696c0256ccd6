-- Gives a customer other terms. $name in its registered spelling; $daily_cap, $monthly_cap, $price: null where there is none
update customers
set
  daily_cap = $daily_cap::bigint,
  monthly_cap = $monthly_cap::bigint,
  price = $price::decimal(18, 2),
  never_twice = $never_twice,
  suspended = $suspended
where name = $name;
