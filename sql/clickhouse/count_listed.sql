-- How many rows there are of a list. {list_id} -> numbers
select count() as numbers
from listed
where list_id = {list_id:String}
