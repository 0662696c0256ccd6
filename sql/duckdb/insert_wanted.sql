-- The numbers that are looked up, as candidates of the rules.
insert into unsold
select phone, 0
from wanted;
