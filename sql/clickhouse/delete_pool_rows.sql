-- Takes away the rows of files that were not published, for good: an erased person may be among them. {date}, {paths}
alter table pool delete
where date = {date:Date} and path in ({paths:Array(String)})
