-- Notes since when sales are kept. {key}, {value}: an instant
insert into meta (key, value, row_version)
select {key:String}, {value:String}, max(m.row_version) + 1
from meta m
where m.key = {key:String}
