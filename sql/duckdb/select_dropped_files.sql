-- Files that hold nothing but rows of dropped partitions: small files may have been joined into one. -> path
with named as (
  select coalesce(f.file, f.path) as path, d.date is not null as dropped
  from pool_files f
  left join dropped_partitions d on d.date = f.date and d.provider = f.provider
)
select path
from named
group by path
having bool_and(dropped)
order by path;
