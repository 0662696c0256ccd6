-- Whether anybody was suppressed since an order was made, by what the audit log says. {order_id} -> a row, or none
select sequence
from audit
where action in ('blacklist.import', 'blacklist.add', 'order.return', 'person.erase')
  and sequence > (
    select max(sequence)
    from audit
    where subject = {order_id:String} and action = 'order.reserve'
  )
limit 1
