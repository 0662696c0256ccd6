-- The phones of the slice that no slice before it had. $slice integer
insert into candidates
select phone, $slice::integer, rank
from slice
anti join candidates using (phone);
