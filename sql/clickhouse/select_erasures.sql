-- {ids} -> erasure_id, reason, erased_at
select erasure_id, reason, erased_at
from erasures
where erasure_id in ({ids:Array(String)})
