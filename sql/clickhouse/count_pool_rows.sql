-- What the pool holds under a name. {date}, {provider}, {path} -> numbers, rows
select count() as numbers, uniqExact(row) as rows
from pool
where date = {date:Date} and provider = {provider:String} and path = {path:String}
