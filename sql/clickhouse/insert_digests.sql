-- Suppresses the fresh digests of a list for ever.
-- {fresh_id}, {kind}, {customer} or null, {algorithm}, {form}, {reason} or null, {at}
insert into suppressed_digests (
  digest,
  algorithm,
  form,
  kind,
  customer,
  reason,
  added_at,
  until,
  row_version
)
select
  digest,
  {algorithm:String},
  {form:String},
  {kind:String},
  ifNull({customer:Nullable(String)}, ''),
  {reason:Nullable(String)},
  {at:DateTime64(3, 'UTC')},
  null,
  {row_version:UInt64}
from listed
where list_id = {fresh_id:String}
