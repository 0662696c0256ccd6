-- Draws $need bigint numbers: the same ones for the same $seed bigint and the same numbers to draw from.
insert into picks
select phone, rank
from free
order by hash(phone, $seed::bigint), phone
limit $need::bigint;
