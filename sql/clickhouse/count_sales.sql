-- What the ledger holds of an order. {order_id}, {at} of its reservation -> numbers, phones
select count() as numbers, uniqExact(phone) as phones
from ledger
where sold_at = {at:DateTime64(3, 'UTC')} and order_id = {order_id:String}
