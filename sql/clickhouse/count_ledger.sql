-- -> numbers, oldest, newest
select count() as numbers, minOrNull(sold_at) as oldest, maxOrNull(sold_at) as newest
from sales
