-- The writer's lock: one row in the server's Keeper, and so one for all hosts. {{path}} in Keeper, as a text of SQL
create table if not exists locks (
  name String, -- writer
  token String, -- of this holding; whoever has another one has no lock
  owner String, -- for people
  place String, -- the lock file of the holder's home, if the system tells it apart from all others
  expires_at DateTime64(3, 'UTC') -- by the server's clock
)
engine = KeeperMap({{path}})
primary key name
