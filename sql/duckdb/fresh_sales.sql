-- The listed sales that the ledger does not have: by phone and instant. $list varchar, the file of stage_history.sql
select l.phone, l.provider, l.sold_at
from read_parquet($list, hive_partitioning = false) l
anti join ledger using (phone, sold_at)
