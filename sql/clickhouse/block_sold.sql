-- Blocks what was sold inside the cooldown, by whatever order and provider. {look_id}, {sold_since}
insert into blocked (look_id, phone, rule)
select distinct {look_id:String}, phone, 'sold'
from sales
where sold_at >= {sold_since:DateTime64(3, 'UTC')}
  and phone in (select phone from candidates where look_id = {look_id:String})
settings optimize_on_insert = 0
