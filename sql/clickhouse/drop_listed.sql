-- Removes a list that is done with. {list_id}
alter table listed drop partition {list_id:String}
