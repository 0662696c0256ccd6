-- Entries of the audit log, newest first. $limit bigint, $action varchar or null: a prefix
select sequence, done_at, actor, action, subject, details::varchar as details, previous, hash
from audit
where $action::varchar is null or starts_with(action, $action)
order by sequence desc
limit $limit::bigint;
