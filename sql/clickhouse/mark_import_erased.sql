-- What an import has after some of its rows were erased. {import_id}, {numbers}, {erased}
insert into imports
select * replace ({numbers:Int64} as numbers, {erased:Int64} as erased, {row_version:UInt64} as row_version)
from imports
where import_id = {import_id:String}
