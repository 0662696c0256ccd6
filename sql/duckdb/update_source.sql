-- Gives a source its terms. $name varchar as it is registered, $basis, $contact and $expires varchar or null
update sources
set basis = $basis, contact = $contact, expires = $expires::date
where name = $name;
