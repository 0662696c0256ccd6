-- Takes the rows of erased persons out of the pool, once they are counted.
alter table pool
delete where phone in (select phone from erasing final where counted)
