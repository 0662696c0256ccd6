-- Notes since when sales are kept. {key}, {value}: an instant
insert into meta (key, value, row_version)
select {key:String}, {value:String}, {row_version:UInt64}
