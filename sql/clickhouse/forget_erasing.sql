-- Removes the phones of persons whose erasure is finished, or was never recorded.
alter table erasing
delete where erasure_id not in (select erasure_id from erasures final where finished_at is null)
