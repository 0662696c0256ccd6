-- Records a return at the order's own price. {return_id}, {order_id}, {reason}, {numbers}, {credit} or null, {at}
insert into returns (return_id, order_id, reason, numbers, price, credit, returned_at)
select
  {return_id:String},
  order_id,
  {reason:String},
  {numbers:Int64},
  price,
  toDecimal64OrNull({credit:Nullable(String)}, 2),
  {at:DateTime64(3, 'UTC')}
from orders
where order_id = {order_id:String}
