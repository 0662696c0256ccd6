-- The SHA-256 of the key that erased persons are known by, once somebody was erased. -> sum
select value as sum
from meta
where key = 'erasure_key'
