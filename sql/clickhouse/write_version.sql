-- Notes how many files of the schema the database has seen. {version}
insert into meta (key, value, row_version)
select 'version', {version:String}, toUInt64({version:String})
