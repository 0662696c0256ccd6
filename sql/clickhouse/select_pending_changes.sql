-- Changes that were written down and are not made yet, in their order; of one number, the one written first is first.
-- -> sequence, change_id, steps JSON
select sequence, change_id, steps
from changes
where state = 'logged'
order by sequence, written_at, change_id
