-- Takes the sales of an order back that a look blocked. {order_id}, {at} of its reservation, {look_id}
delete from ledger
where sold_at = {at:DateTime64(3, 'UTC')}
  and order_id = {order_id:String}
  and phone in (select phone from blocked where look_id = {look_id:String})
