-- From which pool files orders took the numbers that are looked up. {phones}, {order_ids}, {days} YYYY-MM-DD of their
-- reservation -> order_id, phone, path, provider
select order_id, phone, path, provider
from picks
where day in {days:Array(Date)}
  and order_id in {order_ids:Array(String)}
  and phone in {phones:Array(Int64)}
order by order_id, rank
