-- Notes that all steps of a change were made, and forgets them. {sequence}, {change_id}
insert into changes (sequence, change_id, host, steps, state, row_version)
values ({sequence:UInt64}, {change_id:String}, '', '', 'made', 3)
