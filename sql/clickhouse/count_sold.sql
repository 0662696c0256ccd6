-- Numbers that live orders took, by provider; from the orders' own counts, not from the ledger. {since} bounds what is recent.
-- -> provider, synthetic, numbers, recent, first
select
  f.provider as provider,
  o.synthetic as synthetic,
  sum(f.numbers) as numbers,
  sumIf(f.numbers, o.reserved_at >= {since:DateTime64(3, 'UTC')}) as recent,
  min(o.reserved_at) as first
from order_files f
join orders o on o.order_id = f.order_id
where o.state <> 'cancelled' or o.keeps_cooldown
group by f.provider, o.synthetic
order by f.provider
