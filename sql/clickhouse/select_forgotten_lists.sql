-- Lists that nobody is at any more. -> list_id
select distinct list_id
from listed
where staged_at < now() - interval 1 day
