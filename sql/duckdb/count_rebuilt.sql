-- What a database has that was made anew. -> imports, orders, suppressed bigint
select
  (select count(*) from imports) as imports,
  (select count(*) from orders) as orders,
  (select count(*) from suppression) + (select count(*) from suppressed_digests) as suppressed;
