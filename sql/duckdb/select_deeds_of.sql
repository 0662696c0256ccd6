-- What the audit log says of some subjects. $subjects varchar[], $action varchar: a prefix -> subject, details
select subject, details::varchar as details
from audit
where list_contains($subjects::varchar[], subject)
  and starts_with(action, $action);
