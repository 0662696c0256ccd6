-- One row when the audit log has such an entry. $action, $subject varchar
select sequence
from audit
where action = $action
  and subject = $subject
limit 1;
