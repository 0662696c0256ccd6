-- Takes in the digests of a list: files of collect_digests.sql, named by name_listed.sql
insert into listed (list_id, high, low)
