-- What the audit log says of some subjects. {subjects}, {action}: a prefix -> subject, details
select subject, details
from audit
where subject in ({subjects:Array(String)})
  and startsWith(action, {action:String})
