-- Blocks what was sold as often as a number may be sold in its life. {look_id}, {most}
insert into blocked (look_id, phone, rule)
select {look_id:String}, s.phone, 'max_sales'
from sales s
left anti join (select phone from blocked where look_id = {look_id:String}) b on b.phone = s.phone
where s.phone in (select phone from candidates where look_id = {look_id:String})
group by s.phone
having count() >= {most:Int64}
