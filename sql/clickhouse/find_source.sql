-- The source of that name, whatever its case. {name} -> name, basis, contact, expires
select name, basis, contact, expires
from sources
where lowerUTF8(name) = lowerUTF8({name:String})
