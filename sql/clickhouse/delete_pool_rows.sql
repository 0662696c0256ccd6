-- Takes away the rows of files that were not published. {date}, {paths}
delete from pool
where date = {date:Date} and path in ({paths:Array(String)})
