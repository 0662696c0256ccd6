-- Notes something that the database knows of itself. {key}, {value}
insert into meta (key, value, row_version)
select {key:String}, {value:String}, max(row_version) + 1
from meta
where key = {key:String}
