-- What the pool holds under some names. {date}, {providers}, {paths} -> path, numbers, rows
select path, count() as numbers, uniqExact(row) as rows
from pool
where date = {date:Date}
  and provider in ({providers:Array(String)})
  and path in ({paths:Array(String)})
group by path
