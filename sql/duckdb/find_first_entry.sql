-- The beginning of the audit log, by which a home is known. -> hash
select hash
from audit
order by sequence
limit 1;
