-- Numbers filed under $provider varchar whose prefix belongs to another. $paths varchar[] -> numbers bigint
select count(*) as numbers
from read_parquet($paths::varchar[], hive_partitioning = false)
where provider_of(phone) <> $provider;
