-- Suppresses the fresh phones of a list for ever. {fresh_id}, {kind}, {customer} or null, {reason} or null, {at}
insert into suppression (phone, kind, customer, reason, added_at, until, row_version)
select
  phone,
  {kind:String},
  ifNull({customer:Nullable(String)}, ''),
  {reason:Nullable(String)},
  {at:DateTime64(3, 'UTC')},
  null,
  {row_version:UInt64}
from listed
where list_id = {fresh_id:String}
