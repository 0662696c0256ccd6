-- The listed sales that the ledger does not have: by phone and instant. $list varchar, a file of stage_history.sql, none
-- of whose phones is outside of $first to $last bigint; $key varchar or null: nobody who was erased
select l.phone, l.provider, l.sold_at
from read_parquet($list, hive_partitioning = false) l
anti join (
  select phone, sold_at
  from ledger
  where phone between $first::bigint and $last::bigint
) s using (phone, sold_at)
anti join erasures e on e.digest = md5_number(sha256($key::varchar || l.phone::varchar))
