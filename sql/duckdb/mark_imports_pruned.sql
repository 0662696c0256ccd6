-- Counts what is dropped with its day among its import's pruned numbers. Needs dropped_partitions.
update imports
set pruned = coalesce(imports.pruned, 0) + gone.numbers
from (
  select f.import_id, sum(f.numbers)::bigint as numbers
  from pool_files f
  semi join dropped_partitions d on d.date = f.date and d.provider = f.provider
  group by f.import_id
) gone
where imports.import_id = gone.import_id;
