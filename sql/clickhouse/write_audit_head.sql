-- Notes which entry of the audit log is the last, so that entries cut off at its end are missed. {value}
insert into meta (key, value, row_version)
select 'audit_head', {value:String}, {row_version:UInt64}
