-- {look_id} -> rule, numbers
select rule, count() as numbers
from blocked
where look_id = {look_id:String}
group by rule
order by rule
