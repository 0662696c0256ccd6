-- Lays out the space of numbers to draw from, in the variable `generate_space`.
--
-- Each entry of the list of prefixes gets ten classes: one for 10 digits, eight for 11 and one for 12, each moved into
-- the range that is usual for the prefix. Every class has the same number of seats, so that the entries come out even.
-- Classes of the same prefix and length share its numbers: of each `sharers` stretches of `stride` numbers, the class
-- takes the one at its `ordinal`, and a seat is one stretch.
--
-- The subscriber part starts with a 0. Indonesia reserves no range of numbers for fiction; such numbers belong to people
-- less often than others, no more than that. What protects people is the column `synthetic`, which keeps these rows
-- away from real ones. Numbers that end in six zeros are left out: they read as rounded by a spreadsheet.
--
-- Parameters: prefixes, national, 3 to 5 digits, repeated for more weight; providers, path of the table of prefixes
-- with their usual lengths; seed.
set variable generate_space = (
  with usual as (
    select prefix, min_nsn_len::bigint as shortest, max_nsn_len::bigint as longest
    from read_csv($providers, header = true, all_varchar = true)
  ),
  class as (
    select
      entry.prefix,
      greatest(coalesce(shortest, 10), least(coalesce(longest, 12), wanted.length)) as digits,
      digits - len(entry.prefix) - 1 as free,
      case when free < 6 then 10 ** free - 1 else 999999 * 10 ** (free - 6) end::bigint as numbers,
      row_number() over (partition by entry.prefix, digits) - 1 as ordinal,
      count(*) over (partition by entry.prefix, digits) as sharers
    from (select unnest($prefixes::varchar[]) as prefix) as entry
    cross join (select unnest([10, 11, 11, 11, 11, 11, 11, 11, 11, 12]) as length) as wanted
    left join usual on usual.prefix = entry.prefix[1:3]
  ),
  room as (
    select
      count(*) as classes,
      min(numbers // sharers) as seats,
      seats // 4 + (hash($seed::bigint) % greatest(1, seats // 2)::ubigint)::bigint as wanted
    from class
  ),
  -- The first number from a seeded one onwards that shares no factor with `seats`; a hundred always hold one.
  step as (
    select min(candidate) as step
    from (select seats, unnest(range(wanted, wanted + 100)) as candidate from room)
    where gcd(candidate, seats) = 1
  ),
  placed as (
    select *, numbers // (sharers * seats) as stride from class cross join room
  )
  select {
    classes: any_value(classes),
    seats: any_value(seats),
    step: any_value(step),
    origin: (hash(hash($seed::bigint)) >> 4)::bigint,
    head: list((prefix || '0')::bigint * (10 ** free)::bigint order by prefix, digits, ordinal),
    spread: list(sharers * stride order by prefix, digits, ordinal),
    start: list(ordinal * stride order by prefix, digits, ordinal),
    stride: list(stride order by prefix, digits, ordinal)
  }
  from placed cross join step
);
