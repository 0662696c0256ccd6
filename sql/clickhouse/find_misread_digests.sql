-- One row when there are digests of this kind, customer and algorithm that were told to be of another form.
-- {kind}, {customer} or null, {algorithm}, {form}
select form
from suppressed_digests
where kind = {kind:String}
  and lowerUTF8(customer) = lowerUTF8(ifNull({customer:Nullable(String)}, ''))
  and algorithm = {algorithm:String}
  and form <> {form:String}
limit 1
