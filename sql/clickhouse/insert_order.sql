-- Registers a reserved order.
insert into orders (
  order_id,
  sequence,
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
  {order_id:String},
  (select max(sequence) from orders where order_id <> {order_id:String}) + 1,
  {key:Nullable(String)},
  'reserved',
  {providers:Array(String)},
  {customer:Nullable(String)},
  {synthetic:Bool},
  {requested:Int64},
  {numbers:Int64},
  {criteria:String},
  {excluded:String},
  {at:DateTime64(3, 'UTC')},
  false,
  false,
  toDecimal64OrNull({price:Nullable(String)}, 2)
