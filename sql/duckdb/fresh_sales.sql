-- The listed sales that the ledger does not have: by phone and instant. $list varchar, a file of stage_history.sql, none
-- of whose phones is outside of $first to $last bigint
select l.phone, l.provider, l.sold_at
from read_parquet($list, hive_partitioning = false) l
anti join (
  select phone, sold_at
  from ledger
  where phone between $first::bigint and $last::bigint
) s using (phone, sold_at)
