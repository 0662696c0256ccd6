-- The instant that a cell of a list names: a day, or a day and a time, as lists write them.
-- Parameters: cell varchar, zone varchar (whose time it is where the cell has no offset). Result: timestamptz, or null for
-- what is none.
-- 2026-11-20, 20/11/2026, 20-11-2026, 20.11.2026, 20261120, each with 09:00, 09:00:00 or 09:00:00.123 behind a blank or a T,
-- and an offset after that. The day comes first, as in Indonesia, unless the year does; two digits are no year. A day is its
-- first instant.
-- Cast, because try_strptime tries its formats one after another, at 1.5 µs for each that fails; the globs before the
-- regular expressions take the usual forms at a fifth of their cost.
create or replace temp macro instant_of(cell, zone) as
  case
    when cell glob '[12][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
      or cell glob '[12][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][ T][0-9][0-9]:[0-9][0-9]:[0-9][0-9]'
      then try_cast(cell as timestamp) at time zone zone
    when cell glob '[12][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'
      or cell glob '[12][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'
      then try_cast(cell as timestamptz)
    when cell glob '[0-9][0-9][-/.][0-9][0-9][-/.][12][0-9][0-9][0-9]'
      then try_cast(cell[7:10] || '-' || cell[4:5] || '-' || cell[1:2] as timestamp) at time zone zone
    when regexp_full_match(
        cell,
        '\s*(?:[12]\d{3}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.][12]\d{3}|[12]\d{7})(?:[T ]\d{1,2}:\d\d(?::\d\d(?:[.]\d{1,6})?)?)?\s*'
      )
      then try_cast(iso_of(trim(cell)) as timestamp) at time zone zone
    when regexp_full_match(
        cell,
        '\s*[12]\d{3}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.]\d{1,6})?)? ?(?:[zZ]|[+-]\d\d(?::?\d\d)?)\s*'
      )
      then try_cast(
        -- The cast wants seconds, and no blank before the offset.
        regexp_replace(
          regexp_replace(replace(trim(cell), 'T', ' '), ' ?([zZ]|[+-]\d\d(?::?\d\d)?)$', '\1'),
          '^(.{16})([zZ+-])',
          '\1:00\2'
        ) as timestamptz
      )
  end;
