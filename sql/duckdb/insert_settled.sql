-- $cells varchar[], $phones varchar[] (each a comma separated list, empty for none), $reasons varchar[] (empty for none)
insert into settled
select
  nullif(unnest($cells::varchar[]), chr(0)),
  string_split(nullif(unnest($phones::varchar[]), ''), ',')::bigint[],
  nullif(unnest($reasons::varchar[]), '');
