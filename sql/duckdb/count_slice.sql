-- -> rows bigint
select coalesce(sum(rows), 0)::bigint as rows
from slice;
