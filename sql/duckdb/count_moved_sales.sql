-- Sales by the UTC day. {{sales}}: moved_order_sales.sql or moved_history_sales.sql -> day, numbers bigint
select (sold_at at time zone 'UTC')::date::varchar as day, count(*) as numbers
from ({{sales}})
group by all
order by day;
