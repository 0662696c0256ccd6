-- What was credited for one return. $return_id varchar -> credit varchar
select credit::varchar as credit
from returns
where return_id = $return_id;
