-- Notes something that the database knows of itself. {key}, {value}
insert into meta (key, value, row_version)
select {key:String}, {value:String}, {row_version:UInt64}
