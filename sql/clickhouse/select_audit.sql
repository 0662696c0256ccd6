-- Entries of the audit log, newest first. {limit}, {action} or null: a prefix
-- -> sequence, done_at, actor, action, subject, details, previous, hash
select sequence, done_at, actor, action, subject, details, previous, hash
from audit
where {action:Nullable(String)} is null or startsWith(action, coalesce({action:Nullable(String)}, ''))
order by sequence desc
limit {limit:UInt64}
