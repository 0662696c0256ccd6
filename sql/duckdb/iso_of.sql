-- A day, and what follows it, with the year first and dashes between; instant_of.sql has made sure that it is one.
-- Parameters: cell varchar, trimmed. Result: varchar.
create or replace temp macro iso_of(cell) as
  case
    when cell glob '[0-9][0-9][0-9][0-9]-*' then cell
    when cell glob '[0-9][0-9][0-9][0-9][/.]*'
      then regexp_replace(cell, '^(\d{4}).(\d{1,2}).', '\1-\2-')
    when cell glob '[0-9][0-9][0-9][0-9]*'
      then regexp_replace(cell, '^(\d{4})(\d\d)(\d\d)', '\1-\2-\3')
    else regexp_replace(cell, '^(\d{1,2}).(\d{1,2}).(\d{4})', '\3-\2-\1')
  end;
