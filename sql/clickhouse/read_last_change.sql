-- The number of the last change. -> sequence
select max(sequence) as sequence
from changes
