-- Blocks what this customer had before, however long ago. {look_id}, {customer}
insert into blocked (look_id, phone, rule)
select distinct {look_id:String}, s.phone, 'had_before'
from sales s
left anti join (select phone from blocked where look_id = {look_id:String}) b on b.phone = s.phone
where s.phone in (select phone from candidates where look_id = {look_id:String})
  and s.order_id in (
    select order_id
    from orders
    where lowerUTF8(ifNull(customer, '')) = lowerUTF8({customer:String})
  )
