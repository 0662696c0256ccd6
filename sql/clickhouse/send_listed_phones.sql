-- Takes in the phones of a list: files of collect_phones.sql, named by name_listed.sql
insert into listed (list_id, phone)
