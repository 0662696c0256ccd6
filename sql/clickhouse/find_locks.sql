-- Whether the database has the table of the writer's lock. -> database, tables: 1 or 0
select
  currentDatabase() as database,
  (select count() from system.tables where database = currentDatabase() and name = 'locks') as tables
