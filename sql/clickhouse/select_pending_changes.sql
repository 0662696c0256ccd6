-- Changes that were written down and are not made yet, in their order. -> sequence, change_id, steps JSON
select sequence, change_id, steps
from changes
where state = 'logged'
order by sequence, change_id
