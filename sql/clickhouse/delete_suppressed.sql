-- Takes the phones of a list off the suppression of this kind and customer. {list_id}, {kind}, {customer} or null
insert into suppression (phone, kind, customer, reason, added_at, until, row_version, gone)
select phone, kind, customer, reason, added_at, until, {row_version:UInt64}, 1
from suppression
where kind = {kind:String}
  and lowerUTF8(customer) = lowerUTF8(ifNull({customer:Nullable(String)}, ''))
  and phone in (select phone from listed where list_id = {list_id:String})
