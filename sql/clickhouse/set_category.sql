-- How many numbers an import has in a category. {import_id}, {category}, {numbers}
insert into import_categories
select * replace ({numbers:Int64} as numbers, {row_version:UInt64} as row_version)
from import_categories
where import_id = {import_id:String} and category = {category:String}
