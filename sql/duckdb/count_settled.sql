-- Odd rows by what became of them. $paths varchar[] -> reason varchar or null, rows bigint
select settled.reason, count(*) as rows
from read_parquet($paths::varchar[], hive_partitioning = false) s
join odd_cells on odd_cells.cell is not distinct from {{cell}}
join settled on settled.number = odd_cells.number
group by settled.reason;
