-- The provider of every five-digit prefix, 80000 to 89999, as the list `providers`: one look-up by position (place_of.sql).
-- $width bigint: how many of them share an entry, 100 where no known prefix has more than three digits. The engine builds a
-- constant list anew for every 2,048 rows: 4 million rows took 9.0 s with 100 entries, 9.9 with 10,000 (17.8 and 19.3 of
-- processor).
-- A join with the same table carried the whole row through a hash table: 3.7 s instead of 2.4 s for a million rows.
-- Parameters: $prefixes varchar[], three to five digits of the national number ('812', '85155'), and $codes varchar[], the
-- provider of each, in the same order. The longest prefix wins; a number without one is `other`.
set variable providers = (
  with known as (
    select unnest($prefixes::varchar[]) as digits, unnest($codes::varchar[]) as code
  ),
  covered as (
    select
      digits::integer * width + unnest(range(width)) as prefix5,
      len(digits) as length,
      code
    from (select *, (10 ** (5 - len(digits)))::integer as width from known)
  ),
  prefix as (
    select prefix5, coalesce(arg_max(code, length), 'other') as code
    from range(80000, 90000, $width::bigint) every(prefix5)
    left join covered using (prefix5)
    group by prefix5
  )
  select list(code order by prefix5)
  from prefix
);
