-- Notes which entry of the audit log is the last, so that entries cut off at its end are missed. {value}
insert into meta (key, value, row_version)
select 'audit_head', {value:String}, max(m.row_version) + 1
from meta m
where m.key = 'audit_head'
