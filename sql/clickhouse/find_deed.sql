-- One row when the audit log has such an entry. {action}, {subject} -> sequence
select sequence
from audit
where action = {action:String}
  and subject = {subject:String}
limit 1
