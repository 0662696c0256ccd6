-- What the catalog notes beside its version, which is the one of the file that is being made. $path varchar
insert into meta
select key, value
from read_parquet($path, hive_partitioning = false)
where key <> 'version';
