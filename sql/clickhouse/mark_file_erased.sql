-- What a pool file holds after some of its rows were erased. {path}, {numbers}, {erased}
insert into pool_files
select * replace ({numbers:Int64} as numbers, {erased:Int64} as erased, {row_version:UInt64} as row_version)
from pool_files
where path = {path:String}
