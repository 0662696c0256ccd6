-- $ids varchar[] -> erasure_id, reason, erased_at timestamptz
select erasure_id, reason, erased_at
from erasures
where list_contains($ids::varchar[], erasure_id);
