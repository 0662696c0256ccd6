-- Takes out of an order what a look blocked. {order_id}, {day}, {look_id}
delete from picks
where day = {day:Date}
  and order_id = {order_id:String}
  and phone in (select phone from blocked where look_id = {look_id:String})
