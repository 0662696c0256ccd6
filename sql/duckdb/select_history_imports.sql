-- Histories of sales from elsewhere that were imported. -> import_id, done_at timestamptz
select subject as import_id, done_at
from audit
where action = 'blacklist.import'
  and (details->>'$.kind') = 'sold'
order by sequence;
