-- What a table has of orders and of sales from elsewhere, by day, before one. {{table}}, {{day}}: its column; {before}
-- -> day, order_id or null, numbers
select toString({{day}}) as day, order_id, count() as numbers
from {{table}}
where {{day}} < {before:Date}
group by {{day}}, order_id
