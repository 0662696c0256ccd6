-- Which numbers of pruned orders came back; how many, and their credit, stays in returns.
insert into returned
select * replace ({row_version:UInt64} as row_version, 1 as gone)
from returned r
where r.order_id in (select order_id from orders where pruned_at is not null)
