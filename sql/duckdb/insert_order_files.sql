-- How many numbers the order took from each pool file.
-- $order_id varchar
insert into order_files
select $order_id, f.path, f.provider, g.date, count(*)
from picks p
join picked_files f on f.position = p.rank >> 32
join pool_files g on g.path = f.path
group by f.path, f.provider, g.date;
