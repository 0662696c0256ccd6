-- The version of the home. -> version bigint
select max(value::bigint) as version
from meta
where key = 'version';
