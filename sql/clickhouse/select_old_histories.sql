-- Sales from elsewhere before an instant, by the UTC day of the sale. {before} -> date, sales
select toString(toDate(sold_at)) as date, count() as sales
from ledger
where order_id is null
  and sold_at < {before:DateTime64(3, 'UTC')}
group by date
order by date
