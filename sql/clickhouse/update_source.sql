-- Gives a source its terms. {name} as it is registered, {basis}, {contact} and {expires} or null
insert into sources
select * replace (
  {basis:Nullable(String)} as basis,
  {contact:Nullable(String)} as contact,
  {expires:Nullable(Date)} as expires,
  {row_version:UInt64} as row_version
)
from sources
where name = {name:String}
