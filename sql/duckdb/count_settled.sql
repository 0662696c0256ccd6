-- Odd rows by what became of them. $paths varchar[] -> reason varchar or null, rows bigint, example varchar
-- The example is one of the cells: the smallest, so that it is the same each time.
select settled.reason, count(*) as rows, min(odd_cells.cell) as example
from read_parquet($paths::varchar[], hive_partitioning = false) s
join odd_cells on odd_cells.cell is not distinct from {{cell}}
join settled on settled.number = odd_cells.number
group by settled.reason;
