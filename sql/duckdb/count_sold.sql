-- Numbers that live orders took, by provider; from the orders' own counts, not from the ledger.
select f.provider, o.synthetic, sum(f.numbers)::bigint as numbers
from order_files f
join orders o on o.order_id = f.order_id
where o.state <> 'cancelled' or o.keeps_cooldown
group by f.provider, o.synthetic
order by f.provider;
