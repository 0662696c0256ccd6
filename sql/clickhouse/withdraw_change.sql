-- Takes a change back that was not begun. {sequence}, {change_id}
insert into changes (sequence, change_id, host, steps, state, row_version)
values ({sequence:UInt64}, {change_id:String}, '', '', 'withdrawn', 2)
