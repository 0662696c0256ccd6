-- Blocks what was sold as often as a number may be sold in its life. $most bigint
insert into blocked
with sales as (
  select phone
  from ledger
  semi join unsold using (phone)
  group by phone
  having count(*) >= $most::bigint
)
select phone, 'max_sales'
from sales
anti join blocked using (phone);
