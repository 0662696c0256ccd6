-- Marks the picks as sold; a second time, those that are not yet. {order_id}, {day}, {at}
insert into ledger (phone, provider, order_id, import_id, sold_at)
select k.phone, k.provider, {order_id:String}, null, {at:DateTime64(3, 'UTC')}
from picks k
left anti join (
  select phone
  from ledger
  where sold_at = {at:DateTime64(3, 'UTC')} and order_id = {order_id:String}
) l on l.phone = k.phone
where k.day = {day:Date} and k.order_id = {order_id:String}
order by k.phone
settings max_insert_threads = 1
