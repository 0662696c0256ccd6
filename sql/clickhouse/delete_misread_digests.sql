-- Takes off the listed digests that were told to be of another form: nobody hashed two texts to one digest, so that time was
-- a mistake. {list_id}, {kind}, {customer} or null, {algorithm}, {form}
insert into suppressed_digests (
  digest,
  algorithm,
  form,
  kind,
  customer,
  reason,
  added_at,
  until,
  row_version,
  gone
)
select digest, algorithm, form, kind, customer, reason, added_at, until, {row_version:UInt64}, 1
from suppressed_digests
where kind = {kind:String}
  and lowerUTF8(customer) = lowerUTF8(ifNull({customer:Nullable(String)}, ''))
  and algorithm = {algorithm:String}
  and form <> {form:String}
  and digest in (select digest from listed where list_id = {list_id:String})
