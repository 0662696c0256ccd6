-- -> phone bigint, rule
select phone, rule
from blocked;
