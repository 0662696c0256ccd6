-- $first bigint number of the first cell; $phones varchar[] (each a comma separated list, empty for none), $reasons varchar[]
-- (empty for none), both in the order of the cells
insert into settled
select
  $first::bigint + place,
  string_split(nullif(phones, ''), ',')::bigint[],
  nullif(reason, '')
from (
  select
    unnest($phones::varchar[]) as phones,
    unnest($reasons::varchar[]) as reason,
    unnest(range(len($phones::varchar[]))) as place
);
