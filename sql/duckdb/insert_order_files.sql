-- How many numbers the order took from each pool file.
-- $order_id varchar
insert into order_files
select $order_id, g.path, g.provider, g.date, p.numbers
from (
  select getvariable('picked_files').paths[(rank >> 32) + 1] as path, count(*) as numbers
  from picks
  group by rank >> 32
) p
join pool_files g on g.path = p.path;
