-- Gives a customer other terms. {name} in its registered spelling, {never_twice}, {suspended}; {daily_cap}, {monthly_cap},
-- {price}: null where there is none
insert into customers
select * replace (
  {daily_cap:Nullable(Int64)} as daily_cap,
  {monthly_cap:Nullable(Int64)} as monthly_cap,
  {price:Nullable(Decimal(18, 2))} as price,
  {never_twice:Bool} as never_twice,
  {suspended:Bool} as suspended,
  {row_version:UInt64} as row_version
)
from customers
where name = {name:String}
