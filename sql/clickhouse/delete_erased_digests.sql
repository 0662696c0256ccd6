-- Takes erased persons out of the suppressed digests, which anybody can compute: the keyed digest stands in their place.
alter table suppressed_digests
delete where (digest, cast(algorithm, 'String'), cast(form, 'String')) in (select digest, algorithm, form from erasing_digests)
