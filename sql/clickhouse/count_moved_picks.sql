-- -> numbers: rows that orders took, whose numbers are known still
select count() as numbers
from picks
where order_id in (select order_id from orders where pruned_at is null)
