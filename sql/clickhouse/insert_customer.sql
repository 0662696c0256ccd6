-- Registers a customer. {name}, {never_twice}, {suspended}, {added_at}; {daily_cap}, {monthly_cap}, {price}: null where there
-- is none
insert into customers (name, daily_cap, monthly_cap, price, never_twice, suspended, added_at)
select
  {name:String},
  {daily_cap:Nullable(Int64)},
  {monthly_cap:Nullable(Int64)},
  {price:Nullable(Decimal(18, 2))},
  {never_twice:Bool},
  {suspended:Bool},
  {added_at:DateTime64(3, 'UTC')}
