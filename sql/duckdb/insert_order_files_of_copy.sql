-- How many numbers an order has from each pool file, by its copy in ledger/. The catalog may not know the file: an import may
-- be lost whose numbers were sold; its name tells its day. $order_id varchar, $copy varchar
insert into order_files
select
  $order_id,
  path,
  provider,
  regexp_extract(path, '^pool/date=([0-9-]+)/', 1)::date,
  count(*)
from read_parquet($copy, hive_partitioning = false)
where path is not null
group by path, provider;
