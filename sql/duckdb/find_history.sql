-- The list that brought sales from another system. $import_id varchar -> done_at timestamptz, details varchar (JSON)
select done_at, details::varchar as details
from audit
where action = 'blacklist.import'
  and subject = $import_id
order by sequence
limit 1;
