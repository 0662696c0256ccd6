-- The blocks of a list of sales. {list_id} -> block, numbers
select block, count() as numbers
from listed
where list_id = {list_id:String}
group by block
order by block
