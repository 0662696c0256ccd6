-- Registers a source. $name varchar, $basis, $contact and $expires varchar or null, $added_at timestamptz
insert into sources (name, basis, contact, expires, added_at)
values ($name, $basis, $contact, $expires::date, $added_at::timestamptz);
