-- Removes the rows of some partitions whose day has others that stay. {partitions}: such as 2026-11-20/tsel, {dates} of them
alter table pool
delete where date in ({dates:Array(Date)}) and has({partitions:Array(String)}, concat(toString(date), '/', provider))
