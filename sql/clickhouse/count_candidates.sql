-- {look_id} -> rows, phones
select sum(rows) as rows, count() as phones
from candidates
where look_id = {look_id:String}
