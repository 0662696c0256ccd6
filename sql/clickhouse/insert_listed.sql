-- Takes in a few phones. {list_id}, {phones}
insert into listed (list_id, phone)
select {list_id:String}, arrayJoin({phones:Array(Int64)})
