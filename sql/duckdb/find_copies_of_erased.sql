-- Copies in ledger/ that hold erased persons. $paths varchar[] -> copy
select distinct filename as copy
from read_parquet($paths::varchar[], filename = true, hive_partitioning = false)
semi join erasing using (phone);
