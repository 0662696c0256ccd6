-- Which entry of the audit log is the last: its sequence and its hash, with a blank between. -> value
select value
from meta
where key = 'audit_head'
