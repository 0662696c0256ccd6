-- The slice's phones, before the next one takes its place.
insert into seen
select phone
from slice;
