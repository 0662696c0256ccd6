-- -> rows bigint that met the criteria, phones bigint of them
select coalesce(sum(rows), 0)::bigint as rows, count(*) as phones
from slice;
