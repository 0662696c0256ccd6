-- Erasures that are not finished, and all of them. -> unfinished, persons
select countIf(finished_at is null) as unfinished, count() as persons
from erasures
