-- Removes the rows of lists that were not published: of those that were not when they were looked for. {paths}
alter table pool
delete where path in {paths:Array(String)}
  and path not in (select path from pool_files final)
