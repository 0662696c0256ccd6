-- The changes that have a number and were not withdrawn. {sequence} -> change_id
select change_id
from changes
where sequence = {sequence:UInt64} and state <> 'withdrawn'
