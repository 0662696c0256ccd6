-- Numbers that live orders took, by provider; from the orders' own counts, not from the ledger. $since timestamptz bounds
-- what is recent.
select
  f.provider,
  o.synthetic,
  sum(f.numbers)::bigint as numbers,
  coalesce(sum(f.numbers) filter (where o.reserved_at >= $since::timestamptz), 0)::bigint as recent,
  min(o.reserved_at) as first
from order_files f
join orders o on o.order_id = f.order_id
where o.state <> 'cancelled' or o.keeps_cooldown
group by f.provider, o.synthetic
order by f.provider;
