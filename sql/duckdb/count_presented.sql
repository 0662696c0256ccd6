-- What became of the numbers presented, as often as they stand in the list; of one that is returned every further time
-- is a repetition. -> returned bigint, repeated bigint, foreign_numbers bigint
select
  count(*) filter (where standing = 'returned') as returned,
  (
    coalesce(sum(occurrences) filter (where standing <> 'foreign'), 0)
    - count(*) filter (where standing = 'returned')
  )::bigint as repeated,
  coalesce(sum(occurrences) filter (where standing = 'foreign'), 0)::bigint as foreign_numbers
from presented;
