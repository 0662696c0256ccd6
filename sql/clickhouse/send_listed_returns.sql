-- Takes in a list of returns: a file of gather_phones.sql, named by name_listed.sql
insert into listed (list_id, phone, occurrences)
