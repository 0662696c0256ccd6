-- Takes the first $need bigint of the slice that may be sold.
insert into picks
select phone, rank
from unsold
anti join blocked using (phone)
order by rank
limit $need::bigint;
