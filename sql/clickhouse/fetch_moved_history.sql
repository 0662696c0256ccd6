-- Sales from another system, of one list. {import_id} -> phone, provider, sold_at
select phone, provider, sold_at
from sales
where order_id is null and import_id = {import_id:String}
order by sold_at, phone
