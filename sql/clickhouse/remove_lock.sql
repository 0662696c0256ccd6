-- Gives a holding up, one's own or one that is over: in strict mode only in the state in which it was read. {token}
alter table locks
delete where name = 'writer' and token = {token:String}
settings keeper_map_strict_mode = 1, keeper_max_retries = 2
