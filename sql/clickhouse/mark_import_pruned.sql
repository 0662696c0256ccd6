-- Notes how many numbers of an import were dropped with their day. {import_id}, {pruned}
insert into imports
select * replace ({pruned:Int64} as pruned, {row_version:UInt64} as row_version)
from imports i
where i.import_id = {import_id:String}
