-- Entries of the audit log, oldest first, a page at a time. Entries of one sequence, which should not be, are all seen.
-- $sequence bigint, $place bigint: of the last entry seen, $limit bigint
-- -> place bigint, and the columns of the log
select
  rowid as place,
  sequence,
  done_at,
  actor,
  action,
  subject,
  details::varchar as details,
  previous,
  hash
from audit
where sequence > $sequence::bigint
   or (sequence = $sequence::bigint and rowid > $place::bigint)
order by sequence, rowid
limit $limit::bigint;
