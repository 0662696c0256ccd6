-- The numbers of a return. $return_id varchar -> phone bigint
select phone
from returned
where return_id = $return_id;
