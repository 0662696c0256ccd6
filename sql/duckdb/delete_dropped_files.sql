-- Takes the dropped partitions out of the pool. Needs dropped_partitions.
delete from pool_files
where exists (
  select 1
  from dropped_partitions d
  where d.date = pool_files.date
    and d.provider = pool_files.provider
);
