-- How long a row of an order's lists is, in bytes of the source: the longest average of them. $order_id varchar
-- -> bytes double, null where no list of it is known
select max(i.content_bytes / nullif(i.lines, 0)) as bytes
from order_files o
join pool_files f on f.path = o.path
join imports i on i.import_id = f.import_id
where o.order_id = $order_id;
