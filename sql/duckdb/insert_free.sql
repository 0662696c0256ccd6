-- Adds what may be sold of the slice.
insert into free
select phone, rank
from unsold
anti join blocked using (phone);
