-- How many rows of the pool have digits at their beginning or anywhere in them. {digits}, {is_beginning} -> numbers
select count() as numbers
from pool
where if(
    {is_beginning:Bool},
    startsWith(toString(phone), {digits:String}),
    position(toString(phone), {digits:String}) > 0
  )
  and path in (select f.path from pool_files f join imports i on i.import_id = f.import_id)
