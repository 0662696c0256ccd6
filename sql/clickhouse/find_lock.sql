-- Who has the lock. -> token, owner, place, is_over: it was not renewed for as long as a lock lives
select token, owner, place, expires_at < now64(3) as is_over
from locks
where name = 'writer'
settings keeper_max_retries = 2
