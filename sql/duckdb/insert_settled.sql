-- What became of a batch of odd cells, in the order of the cells, a line for each: as two texts, because each element of a list
-- is a call of its own from JavaScript (34,000 cells: 0.2 s of it).
-- $first bigint number of the first cell; $phones varchar (in each line a comma separated list, or nothing), $reasons varchar
-- (in each line one, or nothing)
insert into settled
select
  $first::bigint + place,
  string_split(nullif(phones, ''), ',')::bigint[],
  nullif(reason, '')
from (
  select
    unnest(string_split($phones::varchar, chr(10))) as phones,
    unnest(string_split($reasons::varchar, chr(10))) as reason,
    unnest(range(len(string_split($phones::varchar, chr(10))))) as place
);
