-- {content_hash}, {import_id}, {forced} -> import_id of the import that has this content or this id
select import_id
from imports
where (content_hash = {content_hash:String} and not {forced:Bool})
  or import_id = {import_id:String}
