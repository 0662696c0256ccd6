-- Deeds that brought files into the pool, the earliest first: with their checksums. -> details
select details::varchar as details
from audit
where json_exists(details, '$.file_sums')
order by sequence;
