-- Registers a source. {name}, {basis}, {contact} and {expires} or null, {added_at}
insert into sources (name, basis, contact, expires, added_at)
select
  {name:String},
  {basis:Nullable(String)},
  {contact:Nullable(String)},
  {expires:Nullable(Date)},
  {added_at:DateTime64(3, 'UTC')}
