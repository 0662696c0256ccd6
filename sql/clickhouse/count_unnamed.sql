-- What belongs to nobody: a crash left it, or somebody is sending it just now.
-- -> files and rows of lists that are not published, orders and picks of orders that are not there, persons of no erasure
select
  (select uniqExact(path) from pool where path not in (select path from pool_files)) as files,
  (select count() from pool where path not in (select path from pool_files)) as rows,
  (select uniqExact(order_id) from picks where order_id not in (select order_id from orders)) as orders,
  (select count() from picks where order_id not in (select order_id from orders)) as picks,
  (
    select count()
    from erasing
    where erasure_id not in (select erasure_id from erasures where finished_at is null)
  ) as persons
