-- Which rows of the pool the orders of a day took. {day} of the reservation, UTC -> order_id, rank, phone, provider, path, row
select order_id, rank, phone, provider, path, row
from picks
where day = {day:Date}
order by order_id, rank
