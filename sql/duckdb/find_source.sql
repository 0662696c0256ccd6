-- The source of that name, whatever its case. $name varchar -> name, basis, contact, expires varchar YYYY-MM-DD
select name, basis, contact, expires::varchar as expires
from sources
where lower(name) = lower($name);
