-- -> file, rows bigint
select file, count(*) as rows
from emptied_rows
group by file;
