-- The same as sift_phones.sql of digests that are not suppressed for ever for this kind, customer, algorithm and form yet.
-- {list_id}, {fresh_id}, {kind}, {customer} or null, {algorithm}, {form}
insert into listed (list_id, high, low)
select {fresh_id:String}, l.high, l.low
from (
  select distinct high, low, digest
  from listed
  where list_id = {list_id:String}
) l
left anti join (
  select digest
  from suppressed_digests
  where kind = {kind:String}
    and lowerUTF8(customer) = lowerUTF8(ifNull({customer:Nullable(String)}, ''))
    and algorithm = {algorithm:String}
    and form = {form:String}
    and until is null
) s on s.digest = l.digest
