-- Entries of the audit log, newest first. $limit bigint, $action varchar or null: a prefix; $before bigint or null: a sequence
select sequence, done_at, actor, action, subject, details::varchar as details, previous, hash
from audit
where ($action::varchar is null or starts_with(action, $action))
  and ($before::bigint is null or sequence < $before)
order by sequence desc
limit $limit::bigint;
