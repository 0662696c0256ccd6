-- Sales by the UTC day. -> day, numbers
select toDate(sold_at) as day, count() as numbers
from sales
group by day
order by day
