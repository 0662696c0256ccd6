-- The changes that have a number and were not withdrawn. {sequence} -> change_id, state
select change_id, state
from changes
where sequence = {sequence:UInt64} and state <> 'withdrawn'
