-- -> persons
select count() as persons
from erasures
