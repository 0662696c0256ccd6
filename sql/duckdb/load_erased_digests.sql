-- The digests of erased persons, from what write_erased_digests wrote. $path varchar
create or replace temp table erased_digests as
select digest::uhugeint as digest
from read_parquet($path);
