-- Makes the lock live on, if it is still this holding's. {token}, {life_ms}
alter table locks
update expires_at = now64(3) + toIntervalMillisecond({life_ms:Int64})
where name = 'writer' and token = {token:String}
settings keeper_map_strict_mode = 1, keeper_max_retries = 2
