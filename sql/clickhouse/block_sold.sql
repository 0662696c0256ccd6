-- Blocks what was sold inside the cooldown, by whatever order and provider. {{within}}: between which numbers the candidates lie;
-- the ledger is sorted by phone, what lies outside is not read. {look_id}, {sold_since}, and what {{within}} binds
insert into blocked (look_id, phone, rule)
select distinct {look_id:String}, phone, 'sold'
from sales
where sold_at >= {sold_since:DateTime64(3, 'UTC')}
  and ({{within}})
  and phone in (select phone from candidates where look_id = {look_id:String})
settings optimize_on_insert = 0
