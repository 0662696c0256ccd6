-- $content_hash varchar, $import_id varchar -> import_id of the import that has this content or this id
select import_id
from imports
where (content_hash = $content_hash and not $forced)
   or import_id = $import_id;
