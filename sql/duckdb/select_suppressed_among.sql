-- Those of a few phones that are suppressed, in whatever way. $phones varchar[] -> phone bigint
select distinct phone
from suppression
where phone in (select unnest($phones::varchar[])::bigint);
