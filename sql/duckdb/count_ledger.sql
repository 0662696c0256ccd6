-- -> numbers bigint, oldest timestamptz, newest timestamptz
select count(*) as numbers, min(sold_at) as oldest, max(sold_at) as newest
from ledger;
