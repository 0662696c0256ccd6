-- How many phones of the pool a list of digests means. {{listed}}: listed_digests.sql -> numbers bigint
-- $paths varchar[] of pool files, $algorithm, $form
select count(distinct p.phone) as numbers
from (
  select phone, digest_of(phone, $algorithm::varchar, $form::varchar) as digest
  from read_parquet($paths::varchar[], hive_partitioning = false)
  where phone is not null
) p
semi join (
  {{listed}}
) l using (digest);
