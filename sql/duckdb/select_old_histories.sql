-- Sales from elsewhere before an instant, by the UTC day of the sale. $before timestamptz -> date, sales bigint
select (sold_at at time zone 'UTC')::date::varchar as date, count(*) as sales
from ledger
where order_id is null
  and sold_at < $before::timestamptz
group by all
order by date;
