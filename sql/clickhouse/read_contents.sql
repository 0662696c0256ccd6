-- What is in the pool already, by content. -> import_id, content_hash, content_bytes, file_bytes
select import_id, content_hash, content_bytes, file_bytes
from imports
order by sequence
