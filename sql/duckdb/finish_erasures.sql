-- $ids varchar[], $at timestamptz
update erasures
set finished_at = $at::timestamptz
where list_contains($ids::varchar[], erasure_id)
  and phone is null
  and finished_at is null;
