-- Sales to erased persons. {ids} -> erasure_id, order_id or null, numbers
select x.erasure_id as erasure_id, s.order_id as order_id, count() as numbers
from sales s
join erasing x on x.phone = s.phone
where s.phone in (select phone from erasing) and x.erasure_id in ({ids:Array(String)})
group by x.erasure_id, s.order_id
order by x.erasure_id, s.order_id
