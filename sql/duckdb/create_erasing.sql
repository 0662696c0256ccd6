-- The persons whose rows are being removed. $ids varchar[], $phones bigint[], in the same order
create or replace temp table erasing as
select unnest($ids::varchar[]) as erasure_id, unnest($phones::bigint[]) as phone;
