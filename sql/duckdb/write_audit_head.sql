-- Notes which entry of the audit log is the last, so that entries cut off at its end are missed. $value varchar
merge into meta
using (select 'audit_head' as key, $value::varchar as value) head
on meta.key = head.key
when matched then update set value = head.value
when not matched then insert (key, value) values (head.key, head.value);
