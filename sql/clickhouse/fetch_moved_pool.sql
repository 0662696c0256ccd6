-- The rows of one entry of the pool, in their order. {path}, {date}, {provider} -> phone, row, cells
select phone, row, cells
from pool
where date = {date:Date} and provider = {provider:String} and path = {path:String}
order by row
