-- Takes the sales of a file in ledger/ into the ledger. $path varchar
insert into ledger
select phone, provider, order_id, sold_at
from read_parquet($path, hive_partitioning = false);
