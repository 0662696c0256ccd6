-- -> rule, numbers bigint
select rule, count(*) as numbers
from blocked
group by rule;
