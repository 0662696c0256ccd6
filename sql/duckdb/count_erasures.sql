-- -> persons bigint
select count(*) as persons
from erasures;
