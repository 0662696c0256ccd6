-- Writes a change down. {sequence}, {change_id}, {host}, {steps} JSON
insert into changes (sequence, change_id, host, steps, state, row_version)
values ({sequence:UInt64}, {change_id:String}, {host:String}, {steps:String}, 'logged', 1)
