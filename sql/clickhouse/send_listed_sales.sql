-- Takes in the sales of a list: files of stage_history.sql, named by name_listed.sql
insert into listed (list_id, phone, provider, sold_at)
