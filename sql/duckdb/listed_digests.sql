-- The digests of read lists, from the files of stage_digests.sql or of collect_digests.sql. $lists varchar[]
select (high::uhugeint << 64) | low::uhugeint as digest
from read_parquet($lists::varchar[], hive_partitioning = false)
