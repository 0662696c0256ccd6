-- Appends an entry to the audit log. {sequence}, {at}, {actor}, {action}, {subject}, {details} JSON, {previous}, {hash}
insert into audit (sequence, done_at, actor, action, subject, details, previous, hash)
select
  {sequence:Int64},
  {at:DateTime64(3, 'UTC')},
  {actor:String},
  {action:String},
  {subject:String},
  {details:String},
  {previous:String},
  {hash:String}
