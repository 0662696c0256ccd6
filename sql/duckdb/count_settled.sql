-- Odd rows by what became of them. $paths varchar[] -> reason varchar or null, rows bigint
select settled.reason, count(*) as rows
from read_parquet($paths::varchar[], hive_partitioning = false) s
join settled on settled.cell is not distinct from {{cell}}
group by settled.reason;
