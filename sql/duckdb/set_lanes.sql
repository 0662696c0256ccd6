-- The lane of the real numbers of every prefix, as the list `lanes`: twice the place of the provider among $codes varchar[], which
-- has them all, or of $provider varchar for all prefixes when it is not null. Places count from 1.
-- An entry for each of the five-digit prefixes 80000 to 89999, or for $width bigint of them that are one provider's: 100 where no
-- provider has a prefix of more than three digits. The engine builds a constant list anew for every 2,048 rows: 4 million rows
-- took 9.0 s with 100 entries, 9.9 with 10,000 (17.8 and 19.3 of processor).
-- Numbers, not words such as real-tsel, of which it would make a key for every row: 7.8 s in place of 8.3. Joining the list, as
-- the one row of a table, took as long.
set variable lanes = (
  select list((2 * list_position($codes::varchar[], coalesce($provider::varchar, code)))::smallint order by place)
  from (
    select unnest(getvariable('providers')) as code, unnest(range(10000)) as place
  )
  where place % $width::bigint = 0
);
