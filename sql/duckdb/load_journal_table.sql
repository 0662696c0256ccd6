-- A table of the catalog from its file of the journal; columns that came later get their defaults. {{table}}, $path varchar
insert into {{table}} by name
select *
from read_parquet($path, hive_partitioning = false);
