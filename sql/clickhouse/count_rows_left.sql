-- Rows of erased persons in the pool that should be gone. -> numbers
select count() as numbers
from pool
where phone in (select phone from erasing where counted)
