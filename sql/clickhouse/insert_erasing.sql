-- Names the persons whose rows are to be removed.
insert into erasing (erasure_id, phone, digest)
