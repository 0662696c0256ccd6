-- Entries of the audit log, oldest first, a page at a time. Entries of one sequence, which should not be, are all seen: `place`
-- counts them. {sequence}, {place} of the last entry seen, {limit}
-- -> place, and the columns of the log
select *
from (
  select
    toInt64(row_number() over (partition by a.sequence order by a.hash)) as place,
    a.sequence as sequence,
    a.done_at as done_at,
    a.actor as actor,
    a.action as action,
    a.subject as subject,
    a.details as details,
    a.previous as previous,
    a.hash as hash
  from audit a
  where a.sequence >= {sequence:Int64}
)
where sequence > {sequence:Int64} or place > {place:Int64}
order by sequence, place
limit {limit:UInt64}
