-- Puts the numbers of a list of returns that are taken back under an id of their own: what the order had, and did not have
-- back before. {list_id}, {fresh_id}, {order_id}, {day} of the order's reservation, UTC
insert into listed (list_id, phone)
select {fresh_id:String}, p.phone
from (
  select phone
  from listed
  where list_id = {list_id:String}
) p
left semi join (
  select phone
  from sales
  where order_id = {order_id:String}
    and toDate(sold_at) = {day:Date}
) s on s.phone = p.phone
left anti join (
  select phone
  from returned
  where order_id = {order_id:String}
) r on r.phone = p.phone
