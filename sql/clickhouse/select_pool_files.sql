-- What the pool should hold. -> path, provider, date, numbers
select path, provider, toString(date) as date, numbers
from pool_files
order by path
