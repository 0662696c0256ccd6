-- Empties the cells of some rows; their phones stay. {paths}, {rows}: a row by its place in both
alter table pool
update cells = []
where (path, row) in arrayZip({paths:Array(String)}, {rows:Array(Int64)})
