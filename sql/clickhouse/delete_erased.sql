-- Takes erased persons out of a table, all rows and all versions of them. {{table}}
alter table {{table}}
delete where phone in (select phone from erasing final)
