-- Takes the lock, or fails with `Node exists`: somebody has it. {token}, {owner}, {place}, {life_ms}
insert into locks (name, token, owner, place, expires_at)
settings keeper_map_strict_mode = 1, insert_keeper_max_retries = 2
select
  'writer',
  {token:String},
  {owner:String},
  {place:String},
  now64(3) + toIntervalMillisecond({life_ms:Int64})
